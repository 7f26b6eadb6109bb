//! The scenarios that come with the program, by name.

use std::path::Path;

/// Embeds the scenarios of these names from the folder `scenarios`.
macro_rules! shipped {
    ($($name:literal,)+) => {
        pub(super) const SHIPPED: &[(&str, &str)] =
            &[$(($name, include_str!(concat!("../../scenarios/", $name, ".toml")))),+];
    };
}

shipped! {
    "belgium",
    "casino",
    "full-information",
    "honduras",
    "ireland-scotland",
    "no-sns",
    "quickstart",
    "sns-level",
    "sns-slope",
    "tanzania",
    "uppsala-1977",
    "uppsala-2009",
    "world",
}

/// The text of a shipped scenario by the name of its file.
pub(super) fn text(path: &Path) -> Option<&'static str> {
    let name = path.to_str()?.strip_suffix(".toml")?;
    SHIPPED.iter().find(|(known, _)| *known == name).map(|(_, text)| *text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::{Asked, Loaded, asked};

    #[test]
    fn every_scenario_of_the_folder_is_shipped_but_the_list_of_settings() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios");
        let mut found: Vec<String> = std::fs::read_dir(folder)
            .expect("the folder is there")
            .map(|entry| entry.expect("it is read").path())
            .filter(|path| path.extension().is_some_and(|ending| ending == "toml") && asked(path) == Asked::Scenario)
            .map(|path| path.file_stem().expect("a file has a name").to_string_lossy().into_owned())
            .filter(|name| name != "reference")
            .collect();
        found.sort();
        assert_eq!(found, SHIPPED.iter().map(|(name, _)| *name).collect::<Vec<_>>());
    }

    #[test]
    fn a_shipped_scenario_is_the_one_in_the_file() {
        for (name, _) in SHIPPED {
            let file = format!("{name}.toml");
            let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios").join(&file);
            let (there, here): (Loaded, Loaded) = (
                Loaded::load(&path, &[]).expect("it loads from its file"),
                Loaded::of_library(&file, text).expect("it loads from the program"),
            );
            assert_eq!((here.hash(), here.name()), (there.hash(), there.name()), "{name}");
        }
    }
}

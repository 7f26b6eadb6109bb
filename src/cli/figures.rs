//! The flags that say which figures are drawn, and how: the same for every verb that draws.

use clap::Args;
use fondaco::report::figure::Look;
use fondaco::scenario::{FigureStyle, Flag};
use std::path::{Path, PathBuf};

/// Which figures, and how.
#[derive(Args, Clone, Debug, Default)]
pub struct FigureArgs {
    /// Draw only these figures, by the names of their files, such as trajectory,map
    #[arg(long, value_name = "NAMES", value_delimiter = ',', help_heading = "Results")]
    pub figures: Vec<String>,
    /// How figures look: plain is for journals, without title and caption, as PDF too
    #[arg(long, value_name = "STYLE", value_parser = ["report", "plain"], help_heading = "Results")]
    pub figure_style: Option<String>,
    /// Width of figures in the plain style in millimetres, such as 84 or 174
    #[arg(long, value_name = "MM", value_parser = width, help_heading = "Results")]
    pub figure_width: Option<f64>,
}

fn width(text: &str) -> Result<f64, String> {
    let width = text.parse().ok().filter(|width| (60.0..=300.0).contains(width));
    width.ok_or_else(|| "expected millimetres from 60 to 300, such as 84 or 174".to_owned())
}

impl FigureArgs {
    /// What they set in a scenario.
    pub fn flags(&self) -> Vec<Flag> {
        let names = (!self.figures.is_empty()).then(|| self.figures.join(","));
        let width = self.figure_width.map(|width| width.to_string());
        let stated = [
            ("--figures", "output.figure_names", names.as_ref()),
            ("--figure-style", "output.figure_style", self.figure_style.as_ref()),
            ("--figure-width", "output.figure_width", width.as_ref()),
        ];
        stated.into_iter().filter_map(|(flag, path, value)| Some(Flag::short(flag, path, value?))).collect()
    }

    /// The look asked for, where `usual` is that of the scenario; its names are of other figures.
    pub fn look(&self, usual: Look) -> Look {
        Look {
            style: match self.figure_style.as_deref() {
                Some("plain") => FigureStyle::Plain,
                Some(_) => FigureStyle::Report,
                None => usual.style,
            },
            width: self.figure_width.unwrap_or(usual.width),
            names: self.figures.clone(),
        }
    }

    /// Is anything said of figures?
    pub fn any(&self) -> bool {
        !self.figures.is_empty() || self.figure_style.is_some() || self.figure_width.is_some()
    }

    /// Where the figures of a page are written as files too, and how, if any are asked for.
    pub fn files(&self, folder: Option<&Path>, page: &Path) -> Option<(PathBuf, Look)> {
        let beside = self.any().then(|| page.with_file_name("figures"));
        Some((folder.map(Path::to_owned).or(beside)?, self.look(Look::default())))
    }
}

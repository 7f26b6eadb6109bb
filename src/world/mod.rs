//! World: real countries, what each pair has in common, how far they feel and how much trade between them is hindered.
//!
//! Two distances, because what managers feel and what trade shows are different: the felt distance `D[h,c]` decides
//! where firms look and dare to go, the trade friction `T[h,c]` decides what they sell there. Both have mean 1 over all
//! ordered pairs of the data set, whatever countries a scenario selects, so that parameters keep their meaning. The
//! files `survey`, `gravity` and `cage` hold the equations; `matrix` takes the user's own numbers.
//!
//! The world knows no firm and does not change during a run.

mod atlas;
mod cage;
mod code;
mod column;
mod connectedness;
mod culture;
mod gravity;
mod layout;
mod listing;
mod matrix;
mod measure;
mod outline;
mod pair;
mod selection;
mod survey;
mod territory;
mod units;

use std::path::Path;

pub use atlas::{Country, REGIONS};
pub use cage::Cage;
pub use gravity::eased_by_agreement;
pub use listing::{Distances, Listing, listing};
pub use measure::Measure;
pub use outline::outlines;
pub use pair::Components;
pub use territory::Territory;

use crate::error::{Fault, Severity};
use crate::number::f64s;
use crate::param::{FilePath, Named};
use crate::read::{Faults, Table};
use atlas::Row;
use column::Column;
use connectedness::Connectedness;
use culture::Scores;
use matrix::{Holds, Matrix};
use measure::Yardstick;

/// Markets a world can hold: a firm's books have a byte for the market and keep the highest values for themselves.
pub const MOST_MARKETS: usize = 208;

/// Two countries have similar incomes if GDP per head differs by less than this factor.
const SIMILAR_INCOME: f64 = 2.0;

crate::params! {
    /// Which countries there are, how far apart they feel and how much trade between them is held back.
    pub struct WorldSettings at "world" {
        /// Countries to include by code; if these are given and no regions, no others but the homes.
        countries: Vec<String> = "", "", "", "user";
        /// UN regions, UN subregions or blocs (such as EU or ASEAN) from which the largest markets are taken.
        regions: Vec<String> = "", "", "", "user";
        /// Number of largest markets by GDP to include; homes and countries named come on top.
        largest: u32 = 60 in 1 ..= 208, "", "countries", "assumption: 96 % of world GDP";
        /// How felt distance is measured.
        felt: Measure = "survey", "D", "", "own fit to Håkanson & Ambos 2010";
        /// How trade friction is measured.
        friction: Measure = "gravity", "T", "", "own estimates after Head & Mayer 2014";
        /// File with the user's felt distances: a square with codes around it, or the columns from, to, value.
        felt_matrix: FilePath = "", "", "", "user";
        /// File with the user's trade frictions, of the same form.
        friction_matrix: FilePath = "", "", "", "user";
        /// File with iso3 and numbers per country; population, gdp_usd, gdp_per_head_ppp, internet_pct replace facts.
        columns: FilePath = "", "", "", "user";
        /// File with iso3 and cultural scores pdi, idv, mas, uai, lto, ivr for the cultural term of CAGE distance.
        scores: FilePath = "", "", "", "user";
        /// File with an index of ties between countries, such as the Social Connectedness Index.
        connectedness: FilePath = "", "", "", "user";
        /// Log fall of felt distance per standard deviation of the log index of ties.
        connectedness_weight: f64 = 0.2 in 0.0 ..= 5.0, "w", "1", "assumption, swept 0–0.5";
    }
}

/// The countries of a scenario and all that holds between them; a market is an index into [`World::countries`].
#[derive(Clone, Debug)]
pub struct World {
    /// The countries selected, homes included, in the order of their codes.
    pub countries: Vec<Country>,
    felt: Vec<f32>,
    friction: Vec<f32>,
    components: Vec<Components>,
    similarity: Vec<Similarity>,
    columns: Vec<Column>,
    inputs: Vec<(String, String)>,
    coverage: Vec<Coverage>,
    warnings: Vec<Fault>,
}

/// How much of the world a user's file covers, and what holds for the rest.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Coverage {
    /// The setting that names the file.
    pub setting: &'static str,
    /// Countries or pairs covered, and of how many.
    pub covered: (usize, usize),
    /// The same in words.
    pub text: String,
}

/// In which ways experience of one market is of use in another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Similarity {
    /// A common border or the same UN subregion.
    pub near: bool,
    /// A common official language.
    pub language: bool,
    /// GDP per head at market exchange rates within a factor of 2.
    pub income: bool,
}

/// What to write instead of a word that is no country's code, if it is none.
pub fn meant(word: &str) -> Option<String> {
    let rows = &atlas::atlas().rows;
    atlas::find(rows, word).is_none().then(|| code::meant(word, rows))
}

/// The members of a trade bloc or club such as EU, by ISO 3166-1 alpha-3 code; none where the name is unknown.
pub fn members(bloc: &str) -> &'static [String] {
    let blocs = &atlas::atlas().blocs;
    blocs.iter().find(|(name, _)| name == bloc).map_or(&[], |(_, members)| members)
}

/// The ISO 3166 code of three letters of the country that a word means.
pub fn code_of(word: &str) -> Option<String> {
    let rows = &atlas::atlas().rows;
    match code::meaning(word, rows) {
        code::Meaning::Row(at) => Some(rows[at].country.iso3.clone()),
        _ => None,
    }
}

impl World {
    /// Selects the countries and computes all that holds between them.
    ///
    /// # Errors
    /// Every fault of the settings, the homes and the user's files.
    pub fn build(
        settings: &WorldSettings,
        cage: &Cage,
        territories: &Named<Territory>,
        homes: &[String],
    ) -> Result<Self, Vec<Fault>> {
        let mut files = Files { inputs: atlas::inputs(), faults: Vec::new(), warnings: Vec::new() };
        let (rows, columns) = rows(settings, territories, &mut files);
        let selected = selection::select(settings, &rows, homes, &mut files.faults);
        let scores = files.read("world.scores", &settings.scores, |table, faults| Scores::read(table, &rows, faults));
        let mut yardstick = |setting: &str, measure: Measure, file: &Path| match measure {
            Measure::Survey => Yardstick::Survey,
            Measure::Gravity => Yardstick::Gravity,
            Measure::Cage => Yardstick::cage(cage, scores.as_ref(), &mut files.faults),
            Measure::Matrix => files.matrix(setting, file, &rows, &selected),
        };
        let felt = yardstick("world.felt", settings.felt, &settings.felt_matrix);
        let friction = yardstick("world.friction", settings.friction, &settings.friction_matrix);
        let ties = files.read("world.connectedness", &settings.connectedness, |table, faults| {
            let matrix = Matrix::read(table, &rows, Holds::Ties, faults);
            Connectedness::new(matrix, table, faults)
        });
        // Both distances may have stumbled over the same thing.
        files.warnings.dedup();
        if !files.faults.is_empty() {
            files.faults.dedup();
            files.faults.append(&mut files.warnings);
            return Err(files.faults);
        }
        let components = components(&rows, &selected, scores.as_ref());
        let ties = ties.flatten();
        let coverage = coverage(&rows, &selected, &columns, scores.as_ref(), ties.as_ref());
        files.warnings.extend(coverage.iter().filter_map(Coverage::small));
        let nearing = |from: usize, to: usize| {
            let z = ties.as_ref().map_or(0.0, |ties| ties.standardised(from, to));
            f64s::exp(-settings.connectedness_weight * z)
        };
        let n = selected.len();
        let each = |value: &dyn Fn(usize, usize, &Components) -> f64| -> Vec<f32> {
            let pairs = (0..n * n).map(|at| (at / n, at % n, &components[at]));
            pairs.map(|(a, b, pair)| if a == b { 0.0 } else { value(selected[a], selected[b], pair) as f32 }).collect()
        };
        let countries: Vec<Country> = selected.iter().map(|at| rows[*at].country.clone()).collect();
        Ok(Self {
            felt: each(&|from, to, pair| nearing(from, to) * felt.between(&rows, from, to, pair)),
            friction: each(&|from, to, pair| friction.between(&rows, from, to, pair)),
            similarity: (0..n * n).map(|at| alike(&countries[at / n], &countries[at % n], &components[at])).collect(),
            columns: columns.into_iter().map(|column| column.of(&selected)).collect(),
            inputs: files.inputs,
            coverage,
            warnings: files.warnings,
            components,
            countries,
        })
    }

    /// The market of a code.
    pub fn index(&self, iso3: &str) -> Option<u8> {
        let found = self.countries.binary_search_by(|country| country.iso3.as_str().cmp(iso3)).ok()?;
        u8::try_from(found).ok()
    }

    /// Felt distance of firms at `from` to the market `to`: 1 on average over the world, 0 to itself.
    #[inline]
    pub fn felt(&self, from: u8, to: u8) -> f32 {
        self.felt[self.at(from, to)]
    }

    /// Trade friction between two markets: 1 on average over the world, 0 to itself.
    #[inline]
    pub fn friction(&self, from: u8, to: u8) -> f32 {
        self.friction[self.at(from, to)]
    }

    /// What two countries have in common.
    pub fn components(&self, from: u8, to: u8) -> Components {
        self.components[self.at(from, to)]
    }

    /// In which ways experience of one market is of use in the other.
    #[inline]
    pub fn similarity(&self, a: u8, b: u8) -> Similarity {
        self.similarity[self.at(a, b)]
    }

    /// The user's column of that name, by market.
    pub fn column(&self, name: &str) -> Option<&[Option<f64>]> {
        self.columns.iter().find(|column| column.name == name).map(|column| column.values.as_slice())
    }

    /// The names of the user's columns in the order of their file.
    pub fn columns(&self) -> impl Iterator<Item = &str> {
        self.columns.iter().map(|column| column.name.as_str())
    }

    /// Name and BLAKE3 hash of every table and file read.
    pub fn inputs(&self) -> Vec<(String, String)> {
        self.inputs.clone()
    }

    /// How much of the world each of the user's files covers; matrices of distances cover all of it.
    pub fn coverage(&self) -> &[Coverage] {
        &self.coverage
    }

    /// What is odd about the user's files.
    pub fn warnings(&self) -> &[Fault] {
        &self.warnings
    }

    #[inline]
    fn at(&self, from: u8, to: u8) -> usize {
        usize::from(from) * self.countries.len() + usize::from(to)
    }
}

/// The user's files, read one after another; notes the hash of each and everything wrong with them.
struct Files {
    inputs: Vec<(String, String)>,
    faults: Vec<Fault>,
    warnings: Vec<Fault>,
}

impl Files {
    /// Reads the file a setting names; nothing if it names none or if anything is wrong.
    fn read<T>(&mut self, setting: &str, file: &Path, read: impl FnOnce(&Table, &mut Faults) -> T) -> Option<T> {
        if file.as_os_str().is_empty() {
            return None;
        }
        let mut faults = Faults::default();
        let value = Table::load(file, setting, &mut faults).map(|(table, hash)| {
            let name = file.display().to_string();
            if !self.inputs.iter().any(|(known, _)| *known == name) {
                self.inputs.push((name, hash));
            }
            read(&table, &mut faults)
        });
        let whole = !faults.any();
        let (odd, wrong): (Vec<Fault>, Vec<Fault>) =
            faults.take(&file.display().to_string()).into_iter().partition(|fault| fault.severity == Severity::Warning);
        self.warnings.extend(odd);
        self.faults.extend(wrong);
        value.filter(|_| whole)
    }

    /// Reads a user's distances, which have to cover the countries selected.
    fn matrix(&mut self, setting: &str, file: &Path, rows: &[Row], selected: &[usize]) -> Yardstick {
        let path = format!("{setting}_matrix");
        if file.as_os_str().is_empty() {
            let fault = Fault::setting(setting, format!("{setting} = \"matrix\" needs a file"));
            self.faults.push(fault.help(format!("state it by {path}")));
        }
        let matrix = self.read(&path, file, |table, faults| {
            let matrix = Matrix::read(table, rows, Holds::Distance, faults);
            if !faults.any() {
                let unusable = matrix.missing(table, rows, selected).or_else(|| matrix.all_zero(table));
                unusable.into_iter().for_each(|fault| faults.push(fault));
            }
            matrix
        });
        // Without a matrix there is a fault, and no distance will be asked for.
        matrix.map_or(Yardstick::Survey, Yardstick::matrix)
    }
}

/// Countries and territories with the facts that the user's columns state, and those columns.
fn rows(settings: &WorldSettings, territories: &Named<Territory>, files: &mut Files) -> (Vec<Row>, Vec<Column>) {
    let mut rows = territory::extend(&atlas::atlas().rows, territories, &mut files.faults);
    let columns = files.read("world.columns", &settings.columns, |table, faults| column::read(table, &rows, faults));
    let Some(mut columns) = columns else { return (rows, Vec::new()) };
    column::replace_facts(&columns, &mut rows);
    if !territories.is_empty() {
        // Territories are copied anew, from countries with the facts stated; their faults are known already.
        rows.retain(|row| row.country.iso3 == row.origin);
        rows = territory::extend(&rows, territories, &mut Vec::new());
        column::replace_facts(&columns, &mut rows);
    }
    column::inherit(&mut columns, &rows);
    (rows, columns)
}

impl Coverage {
    fn of(setting: &'static str, covered: (usize, usize), text: String) -> Self {
        Self { setting, covered, text }
    }

    /// A warning if so little is covered that the file is hardly the one that was meant.
    fn small(&self) -> Option<Fault> {
        let (covered, all) = self.covered;
        let fault = || Fault::setting(self.setting, format!("{} covers little: {}", self.setting, self.text)).warning();
        (10 * covered < all).then(fault)
    }
}

/// How much of the world the user's files cover.
fn coverage(
    rows: &[Row],
    selected: &[usize],
    columns: &[Column],
    scores: Option<&Scores>,
    ties: Option<&Connectedness>,
) -> Vec<Coverage> {
    let markets = selected.len();
    let pairs = markets * (markets - 1) / 2;
    let mut all = Vec::new();
    for column in columns.iter().filter(|column| column.is_fact()) {
        let known = selected.iter().filter(|at| column.values[**at].is_some()).count();
        let years = match column.years {
            Some((first, last)) if first == last => format!(" of {first}"),
            Some((first, last)) => format!(", the last year known of each, {first} to {last}"),
            None => String::new(),
        };
        let rest = if known == markets { "" } else { "; the others keep the data set's" };
        let text = format!("{} of {known} of {markets} countries{years}{rest}", column.name);
        all.push(Coverage::of("world.columns", (known, markets), text));
    }
    if let Some(scores) = scores {
        let (known, between) = scores.covered(rows, selected);
        let rest = if between == pairs { "" } else { "; the others go by religion and language" };
        let text = format!("scores of {known} of {markets} countries, an index of {between} of {pairs} pairs{rest}");
        all.push(Coverage::of("world.scores", (known, markets), text));
    }
    if let Some(ties) = ties {
        let known = ties.covered(selected);
        let rest = if known == pairs { "" } else { "; the others count as averagely tied" };
        let text = format!("ties of {known} of {pairs} pairs{rest}");
        all.push(Coverage::of("world.connectedness", (known, pairs), text));
    }
    all
}

/// What every ordered pair of the countries selected has in common, row-major.
fn components(rows: &[Row], selected: &[usize], scores: Option<&Scores>) -> Vec<Components> {
    let n = selected.len();
    let mut all = Vec::with_capacity(n * n);
    for a in 0..n {
        for b in 0..n {
            // The same both ways to the bit: the lower half is copied from the upper.
            let pair = if b < a { all[b * n + a] } else { common(&rows[selected[a]], &rows[selected[b]], scores) };
            all.push(pair);
        }
    }
    all
}

fn common(a: &Row, b: &Row, scores: Option<&Scores>) -> Components {
    Components { kogut_singh: culture::between(scores, a, b), ..pair::components(a, b) }
}

fn alike(a: &Country, b: &Country, pair: &Components) -> Similarity {
    let (low, high) = (a.gdp_per_head.min(b.gdp_per_head), a.gdp_per_head.max(b.gdp_per_head));
    Similarity {
        near: pair.border || a.subregion == b.subregion,
        language: pair.official_language,
        income: high <= SIMILAR_INCOME * low,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::Place;
    use crate::param::Params;
    use std::path::PathBuf;

    fn world(settings: &WorldSettings) -> World {
        World::build(settings, &Cage::default(), &Named::new(), &["BEL".into()]).unwrap()
    }

    fn whole() -> WorldSettings {
        WorldSettings { largest: 208, ..WorldSettings::default() }
    }

    fn felt(world: &World, from: &str, to: &str) -> f32 {
        world.felt(world.index(from).unwrap(), world.index(to).unwrap())
    }

    /// Builds a world of four countries with files of these texts in a fresh folder.
    fn with_files(settings: WorldSettings, files: &[(&str, &str)]) -> Result<World, Vec<Fault>> {
        let folder = tempfile::tempdir().unwrap();
        for (name, text) in files {
            std::fs::write(folder.path().join(name), text).unwrap();
        }
        let mut settings = settings;
        settings.countries = ["BEL", "FRA", "USA", "CHN"].map(str::to_owned).to_vec();
        let WorldSettings { felt_matrix, friction_matrix, columns, scores, connectedness, .. } = &mut settings;
        for file in [felt_matrix, friction_matrix, columns, scores, connectedness] {
            if !file.is_empty() {
                *file = folder.path().join(&**file).into();
            }
        }
        World::build(&settings, &Cage::default(), &Named::new(), &["BEL".into()])
    }

    fn mean(world: &World, value: impl Fn(u8, u8) -> f32) -> f64 {
        let n = u8::try_from(world.countries.len()).unwrap();
        let pairs = (0..n).flat_map(|a| (0..n).map(move |b| (a, b))).filter(|(a, b)| a != b);
        pairs.map(|(a, b)| f64::from(value(a, b))).sum::<f64>() / f64::from(n) / f64::from(n - 1)
    }

    #[test]
    fn both_distances_have_mean_one_over_the_world() {
        for measure in [Measure::Survey, Measure::Gravity, Measure::Cage] {
            let world = world(&WorldSettings { felt: measure, friction: measure, ..whole() });
            assert_eq!(world.countries.len(), 200);
            for mean in [mean(&world, |a, b| world.felt(a, b)), mean(&world, |a, b| world.friction(a, b))] {
                assert!((mean - 1.0).abs() < 1e-5, "{measure:?}: {mean}");
            }
        }
    }

    #[test]
    fn neighbours_feel_nearer_than_oceans() {
        let world = world(&WorldSettings::default());
        assert!(felt(&world, "BEL", "NLD") < felt(&world, "BEL", "USA"));
        assert!(felt(&world, "BEL", "USA") < felt(&world, "BEL", "CHN"));
        assert!(felt(&world, "BEL", "NLD") > 0.0);
        let at = |iso3| world.index(iso3).unwrap();
        assert!(world.friction(at("BEL"), at("NLD")) < world.friction(at("BEL"), at("USA")));
        assert_eq!((world.felt(at("BEL"), at("BEL")), world.friction(at("BEL"), at("BEL"))), (0.0, 0.0));
    }

    #[test]
    fn the_large_feel_nearer_than_they_feel_others() {
        let world = world(&whole());
        assert!(felt(&world, "BEL", "USA") < felt(&world, "USA", "BEL"));
        let (a, b) = (world.index("BEL").unwrap(), world.index("USA").unwrap());
        assert_eq!(world.friction(a, b), world.friction(b, a));
        assert_eq!(world.components(a, b), world.components(b, a));
    }

    #[test]
    fn a_dearer_term_demotes_markets_distant_on_it() {
        let rank = |cage: &Cage, home: &str, market: &str| {
            let settings = WorldSettings { felt: Measure::Cage, ..whole() };
            let world = World::build(&settings, cage, &Named::new(), &[]).unwrap();
            let (home, at) = (world.index(home).unwrap(), world.index(market).unwrap());
            (0..200).filter(|other| world.felt(home, *other) < world.felt(home, at)).count()
        };
        let dearer = [
            ("geography", "BEL", "AUS"),
            ("border", "USA", "BHS"),
            ("language", "BEL", "CHN"),
            ("culture", "BEL", "TUN"),
            ("administration", "BEL", "RUS"),
            ("income", "BEL", "COD"),
        ];
        for (weight, home, market) in dearer {
            let [cheap, dear] = [0.0, 9.0].map(|value| {
                let mut cage = Cage::default();
                cage.set(weight, &crate::param::Value::Number(value)).unwrap();
                cage
            });
            assert!(rank(&dear, home, market) > rank(&cheap, home, market), "{weight} and {market}");
        }
    }

    #[test]
    fn worlds_hold_what_was_asked_for() {
        let codes = |settings: &WorldSettings| -> Vec<String> {
            world(settings).countries.iter().map(|country| country.iso3.clone()).collect()
        };
        let list = |words: &str| words.split(' ').map(str::to_owned).collect::<Vec<_>>();
        assert_eq!(codes(&WorldSettings::default()).len(), 60);
        let named = WorldSettings { countries: list("USA FRA"), ..WorldSettings::default() };
        assert_eq!(codes(&named), list("BEL FRA USA"));
        let regional = WorldSettings { regions: list("EAC MERCOSUR"), largest: 3, ..WorldSettings::default() };
        assert_eq!(codes(&regional), list("ARG BEL BRA KEN"));
        let both = WorldSettings { countries: list("USA"), ..regional };
        assert_eq!(codes(&both), list("ARG BEL BRA KEN USA"));
    }

    #[test]
    fn unknown_places_are_all_told() {
        let list = |words: &str| words.split(' ').map(str::to_owned).collect::<Vec<_>>();
        let settings =
            WorldSettings { countries: list("Beglium Chad"), regions: list("Erope"), ..WorldSettings::default() };
        let faults = World::build(&settings, &Cage::default(), &Named::new(), &list("germany")).unwrap_err();
        let helps: Vec<&str> = faults.iter().filter_map(|fault| fault.help.as_deref()).collect();
        assert_eq!(
            helps,
            [
                "write `DEU`, the code of Germany",
                "did you mean `BEL` (Belgium)?",
                "write `TCD`, the code of Chad",
                "did you mean `Europe`?"
            ]
        );
    }

    #[test]
    fn experience_serves_similar_markets() {
        let world = world(&whole());
        let similar = |a: &str, b: &str| world.similarity(world.index(a).unwrap(), world.index(b).unwrap());
        assert_eq!(similar("BEL", "NLD"), Similarity { near: true, language: true, income: true });
        assert_eq!(similar("BEL", "COD"), Similarity { near: false, language: true, income: false });
        assert_eq!(similar("BEL", "JPN"), Similarity { near: false, language: false, income: true });
        assert_eq!(similar("USA", "MEX"), Similarity { near: true, language: false, income: false });
    }

    #[test]
    fn a_matrix_replaces_the_felt_distance_and_is_scaled() {
        let matrix = "home;BEL;CHN;FRA;USA\nBEL;0;9;1;5\nCHN;8;0;7;6\nFRA;2;8;0;5\nUSA;4;6;5;0\n";
        let settings = WorldSettings {
            felt: Measure::Matrix,
            felt_matrix: PathBuf::from("felt.csv").into(),
            ..WorldSettings::default()
        };
        let world = with_files(settings.clone(), &[("felt.csv", matrix)]).unwrap();
        assert!((mean(&world, |a, b| world.felt(a, b)) - 1.0).abs() < 1e-6);
        assert_eq!(felt(&world, "BEL", "FRA") * 2.0, felt(&world, "FRA", "BEL"));
        assert!(world.inputs().iter().any(|(name, hash)| name.ends_with("felt.csv") && hash.len() == 64));

        let gap = with_files(settings.clone(), &[("felt.csv", "from,to,value\nBEL,FRA,1\n")]).unwrap_err();
        assert!(matches!(gap[0].place, Place::Text(..)) && gap[0].title.contains("and 7 more"), "{gap:?}");
        let zero = with_files(settings.clone(), &[("felt.csv", &matrix.replace(char::is_numeric, "0"))]).unwrap_err();
        assert_eq!(zero[0].title, "every value is 0");
        let absent = with_files(settings.clone(), &[]).unwrap_err();
        assert_eq!(absent[0].place, Place::Setting("world.felt_matrix".into()));
        let unnamed = with_files(WorldSettings { felt_matrix: FilePath::default(), ..settings }, &[]).unwrap_err();
        assert_eq!(unnamed.len(), 1);
        assert_eq!(unnamed[0].title, "world.felt = \"matrix\" needs a file");
    }

    #[test]
    fn connected_peoples_feel_nearer() {
        let plain = with_files(WorldSettings::default(), &[]).unwrap();
        let settings = WorldSettings { connectedness: PathBuf::from("s.csv").into(), ..WorldSettings::default() };
        let ties = "a,b,value\nBEL,FRA,100\nBEL,USA,1\nFRA,USA,10\n";
        let tied = with_files(settings, &[("s.csv", ties)]).unwrap();
        let ratio = |a: &str, b: &str| f64::from(felt(&tied, a, b) / felt(&plain, a, b));
        assert!((ratio("BEL", "FRA") - f64s::exp(-0.2)).abs() < 1e-6);
        assert!((ratio("USA", "BEL") - f64s::exp(0.2)).abs() < 1e-6);
        assert_eq!(ratio("BEL", "CHN"), 1.0);
    }

    #[test]
    fn scores_make_the_cultural_term() {
        let settings = WorldSettings {
            felt: Measure::Cage,
            scores: PathBuf::from("c.csv").into(),
            columns: PathBuf::from("g.csv").into(),
            ..WorldSettings::default()
        };
        let alike = ("c.csv", "iso3,pdi\nBEL,1\nCHN,1\nFRA,9\n");
        let apart = ("c.csv", "iso3,pdi\nBEL,1\nCHN,9\nFRA,1\n");
        let columns = ("g.csv", "iso3,governance,gdp_usd\nBEL,1.2,5\nFRA,,\n");
        let [one, two] = [alike, apart].map(|c| with_files(settings.clone(), &[c, columns]).unwrap());
        assert!(felt(&one, "BEL", "CHN") < felt(&two, "BEL", "CHN"));
        assert_eq!(one.column("governance"), Some([Some(1.2), None, None, None].as_slice()));
        assert_eq!((one.columns().count(), one.column("law")), (2, None));
        assert_eq!(one.countries[0].gdp_usd, 5.0);
        let all_wrong =
            with_files(settings, &[("c.csv", "iso3,pdi\nBEL,x\n"), ("g.csv", "iso3,y\nQQQ,1\n")]).unwrap_err();
        let wrong = all_wrong.iter().filter(|fault| fault.severity == Severity::Error).count();
        assert_eq!(wrong, 2, "both files are read before anything is refused");
    }

    #[test]
    fn what_files_cover_is_told_and_next_to_nothing_is_a_warning() {
        let settings = WorldSettings {
            felt: Measure::Cage,
            scores: PathBuf::from("h.csv").into(),
            columns: PathBuf::from("c.csv").into(),
            connectedness: PathBuf::from("s.csv").into(),
            ..WorldSettings::default()
        };
        let files = [
            ("h.csv", "iso3,pdi\nBEL,1\nFRA,9\n"),
            ("c.csv", "iso3,population\nBEL,12000000\nFRA,70000000\nCHN,1400000000\nUSA,..\n"),
            ("s.csv", "user_loc\tfr_loc\tscaled_sci\nBE\tFR\t5\nFR\tBE\t5\nUS\tBE\t2\nUS\tUS\t9\nCN\tUS\t1\n"),
        ];
        let world = with_files(settings, &files).unwrap();
        let told: Vec<(&str, (usize, usize))> =
            world.coverage().iter().map(|file| (file.text.as_str(), file.covered)).collect();
        assert_eq!(
            told,
            [
                ("population of 3 of 4 countries; the others keep the data set's", (3, 4)),
                (
                    "scores of 2 of 4 countries, an index of 1 of 6 pairs; the others go by religion and language",
                    (2, 4)
                ),
                ("ties of 3 of 6 pairs; the others count as averagely tied", (3, 6)),
            ]
        );
        assert!(world.warnings().is_empty(), "a file may cover what its maker could");
        let small = |covered| {
            Coverage::of("world.scores", covered, format!("scores of {} of {}", covered.0, covered.1)).small()
        };
        assert!(small((20, 200)).is_none());
        let warned = small((19, 200)).unwrap().title;
        assert_eq!(warned, "world.scores covers little: scores of 19 of 200");
    }

    #[test]
    fn no_weights_are_a_fault() {
        let mut cage = Cage::default();
        for decl in cage.decls() {
            cage.set(decl.name, &crate::param::Value::Number(0.0)).unwrap();
        }
        let settings = WorldSettings { felt: Measure::Cage, friction: Measure::Cage, ..WorldSettings::default() };
        let faults = World::build(&settings, &cage, &Named::new(), &[]).unwrap_err();
        assert_eq!(faults.len(), 1, "told once, though both distances need it");
        assert_eq!(faults[0].title, "every weight of CAGE distance is 0");
    }

    #[test]
    fn the_description_says_which_incomes_are_alike() {
        assert_eq!(SIMILAR_INCOME, 2.0);
        assert!(include_str!("../../docs/odd.md").contains("GDP per head of the richer is at most twice"));
    }

    #[test]
    fn a_territory_can_be_a_home() {
        let scotland = Territory {
            of: "GBR".into(),
            name: "Scotland".into(),
            latitude: Some(55.95),
            longitude: Some(-3.19),
            population: Some(5.5e6),
            ..Territory::default()
        };
        let territories = Named::from([("SCO".to_owned(), scotland)]);
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("f.csv"), "iso3,gdp_usd,rights\nGBR,1e12,7\n").unwrap();
        let settings = WorldSettings { columns: folder.path().join("f.csv").into(), ..WorldSettings::default() };
        let homes = ["SCO".to_owned()];
        let world = World::build(&settings, &Cage::default(), &territories, &homes).unwrap();
        let (sco, gbr) = (world.index("SCO").unwrap(), world.index("GBR").unwrap());
        assert_eq!(world.countries.len(), 61);
        assert!(felt(&world, "SCO", "GBR") < felt(&world, "SCO", "BEL"));
        let nearest = (0..61)
            .filter(|other| *other != sco)
            .min_by(|a, b| world.friction(sco, *a).total_cmp(&world.friction(sco, *b)));
        assert_eq!(nearest, Some(gbr), "nothing is nearer than one's own state");
        let heads = [sco, gbr].map(|at| world.countries[usize::from(at)].gdp_per_head);
        assert!((heads[0] / heads[1] - 1.0).abs() < 1e-12, "stated facts of the country reach the territory");
        assert_eq!(world.column("rights").unwrap()[usize::from(sco)], Some(7.0));
        let plain = World::build(&WorldSettings::default(), &Cage::default(), &territories, &[]);
        assert_eq!(plain.unwrap().index("SCO"), None, "a territory is a market only where it is named");
    }
}

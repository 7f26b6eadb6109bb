//! The figures of a report: each is drawn once onto a page, which becomes an SVG; PNG and PDF are made from that.
//!
//! A figure is a plain struct of numbers that implements [`Picture`]; [`draw`] does the rest, and leaves the numbers as
//! CSV beside the drawing. Figures know no simulation: whoever has the numbers fills the struct. The same numbers give
//! the same bytes, on any machine and any number of threads.

pub mod acceptability;
pub mod additional;
mod axis;
pub mod cost_plane;
pub mod data;
pub mod degree;
pub mod descent;
pub mod diffusion;
pub mod distance;
pub mod entry_age;
pub mod entry_order;
pub mod fact;
mod font;
pub mod forest;
pub mod fsts;
pub mod gains;
pub mod heat;
pub mod indices;
pub mod interval;
pub mod map;
pub mod market_count;
pub mod matrix;
pub mod morris;
pub mod network;
pub mod parallel;
pub mod pin;
pub mod profile;
pub mod series;
mod sheet;
pub mod stage;
pub mod style;
#[cfg(test)]
mod tests;
pub mod theory_rows;
pub mod tornado;
pub mod trajectory;

use std::path::{Path, PathBuf};
use std::sync::{Arc, LazyLock};

use rayon::prelude::*;
use resvg::{tiny_skia, usvg};

use crate::error::{Error, Fault, nearest};
use crate::letters;
use crate::report::file::{self, Stored};
use crate::report::manifest::Output;
use crate::scenario::{FigureStyle, OutputSettings};
use data::Data;
use sheet::{Anchor, FINE, Frame, Sheet};

/// Every figure with a place of its own in the report: the stem of its files and what it is about.
pub const FIGURES: [(&str, &str); 11] = [
    (trajectory::STEM, trajectory::ABOUT),
    (entry_age::STEM, entry_age::ABOUT),
    (entry_order::STEM, entry_order::ABOUT),
    (market_count::STEM, market_count::ABOUT),
    (fsts::STEM, fsts::ABOUT),
    (stage::STEM, stage::ABOUT),
    (distance::STEM, distance::ABOUT),
    (diffusion::STEM, diffusion::ABOUT),
    (degree::STEM, degree::ABOUT),
    (network::STEM, network::ABOUT),
    (map::STEM, map::ABOUT),
];

/// Every figure of a comparison, likewise.
pub const COMPARED: [(&str, &str); 7] = [
    (forest::STEM, forest::ABOUT),
    (OVER_TIME.0, OVER_TIME.1),
    (profile::STEM, profile::ABOUT),
    (gains::STEM, gains::ABOUT),
    (additional::STEM, additional::ABOUT),
    (cost_plane::STEM, cost_plane::ABOUT),
    (acceptability::STEM, acceptability::ABOUT),
];

/// Stem and subject of the effects of all arms over time, drawn by [`series`].
pub const OVER_TIME: (&str, &str) = ("over_time", "Effects of the arms on the primary outcome over time");

/// Pixels per unit of the page: a page of 800 gives 2,000 pixels, 317 dots per inch at the width of an A4 text.
const PIXELS: f64 = 2.5;
/// Dots per inch of a PNG in the plain style, as journals ask of lines and letters together.
const DOTS: f64 = 600.0;
const MILLIMETRES_PER_INCH: f64 = 25.4;
/// A page as wide as a journal's (174 mm) has this many units a millimetre: labels are set in 7 points.
const UNITS_PER_MILLIMETRE: f64 = 4.86;
/// With so many the smallest letters have 5 points.
const MOST_UNITS_PER_MILLIMETRE: f64 = 6.0;
/// White around a drawing in the plain style.
const MARGIN: f64 = 6.0;

/// Every reader of our SVG knows this one font, so that a machine without fonts draws the same letters.
static READER: LazyLock<usvg::Options<'static>> = LazyLock::new(|| {
    let mut fonts = usvg::fontdb::Database::new();
    fonts.load_font_data(letters::FONT.to_vec());
    usvg::Options { fontdb: Arc::new(fonts), ..usvg::Options::default() }
});

/// Which figures are drawn, and how.
#[derive(Clone, Debug, PartialEq)]
pub struct Look {
    pub style: FigureStyle,
    /// Width in the plain style, mm.
    pub width: f64,
    /// Stems of the figures drawn; all when empty.
    pub names: Vec<String>,
}

impl Default for Look {
    fn default() -> Self {
        Self::of(&OutputSettings::default())
    }
}

impl Look {
    /// The look that a scenario asks for.
    pub fn of(output: &OutputSettings) -> Self {
        Self { style: output.figure_style, width: output.figure_width, names: output.figure_names.clone() }
    }

    /// Whether a figure is among those asked for.
    pub fn wants(&self, stem: &str) -> bool {
        // Figures of sweeps have their outcome and axes behind the name of their kind.
        let of_kind = |name: &String| stem.strip_prefix(name.as_str()).is_some_and(|rest| rest.starts_with('_'));
        self.names.is_empty() || self.names.iter().any(|name| name == stem || of_kind(name))
    }

    /// Whether every figure asked for is known.
    ///
    /// # Errors
    /// One fault for each name that none of `known` has.
    pub fn check<'a>(&self, known: impl IntoIterator<Item = &'a str> + Clone) -> Result<(), Error> {
        let one = |name: &str| Self { names: vec![name.to_owned()], ..self.clone() };
        let strange = self.names.iter().filter(|name| !known.clone().into_iter().any(|stem| one(name).wants(stem)));
        let all = || known.clone().into_iter().collect::<Vec<_>>().join(", ");
        let fault = |name: &String| {
            Fault::setting("output.figure_names", format!("no figure is called `{name}`")).expected(all()).help(
                nearest(name, known.clone()).map_or_else(
                    || "name figures by the stems of their files; without the flag all are drawn".to_owned(),
                    |near| format!("did you mean `{near}`?"),
                ),
            )
        };
        let faults: Vec<Fault> = strange.map(fault).collect();
        if faults.is_empty() { Ok(()) } else { Err(Error::Asked(faults)) }
    }

    /// Width of a figure in the plain style: millimetres, and units of its page. Letters are never below 5 points: a
    /// narrow column has them as small as that, and what has no room in it gets wider.
    fn wide(&self, picture: &dyn Picture) -> Option<(f64, f64)> {
        let width = self.width.max(picture.narrowest() / MOST_UNITS_PER_MILLIMETRE).ceil();
        let units = (UNITS_PER_MILLIMETRE * width).max(picture.narrowest()).round();
        (self.style == FigureStyle::Plain).then_some((width, units))
    }
}

/// What stands under every figure.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Caption {
    /// How many observations the figure rests on.
    pub n: u64,
    /// What they are, in the plural: "firms", "exporters", "runs".
    pub of: String,
    pub scenario: String,
    pub seed: u64,
    /// Anything else the reader must know; "" for nothing.
    pub note: String,
    /// How the figure was made, told only where there is something to show; "" for nothing.
    pub method: String,
}

impl Caption {
    fn text(&self, shown: bool) -> String {
        let mut parts = vec![
            format!("n = {} {}", style::count(self.n), self.of).trim().to_owned(),
            format!("scenario {}", self.scenario),
            format!("seed {}", self.seed),
        ];
        parts.extend((!self.note.is_empty()).then(|| self.note.clone()));
        parts.extend((shown && !self.method.is_empty()).then(|| self.method.clone()));
        parts.join(" · ")
    }
}

/// A figure written to disk.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Drawn {
    pub svg: PathBuf,
    /// Every file of it with what it holds, the SVG first.
    pub files: Vec<(Stored, String)>,
    /// The finding.
    pub title: String,
    /// The measure and its unit.
    pub subtitle: String,
    /// The figure in words, for those who cannot see it.
    pub alt: String,
}

impl Drawn {
    /// Its files as outputs of the result folder `folder`.
    pub fn outputs(&self, folder: &Path) -> impl Iterator<Item = Output> {
        self.files.iter().map(move |(stored, meaning)| Output::file(folder, stored, meaning))
    }
}

/// A figure: what it says, and how it looks.
pub trait Picture: Sync {
    /// The stem of its files.
    fn stem(&self) -> &str;
    /// What it is about, whatever it finds.
    fn about(&self) -> &str;
    /// Why there is nothing to show, if so.
    fn lack(&self) -> Option<String>;
    /// The finding, from the numbers; asked only if there is something to show, like all below.
    fn title(&self) -> String;
    /// The measure and its unit.
    fn subtitle(&self) -> String;
    /// What the figure shows, its range and its finding, in a few sentences.
    fn alt(&self) -> String;
    /// The numbers drawn, at full precision.
    fn data(&self) -> Data;
    /// Width and height of the page.
    fn size(&self) -> (f64, f64) {
        (800.0, 500.0)
    }
    /// The narrowest page, in units, on which the body has room.
    fn narrowest(&self) -> f64 {
        500.0
    }
    /// Draws the body into the room between head and foot.
    fn plot(&self, sheet: &mut Sheet, room: Frame);
}

/// A figure with what stands under it.
pub type Order<'a> = (Box<dyn Picture + 'a>, Caption);

/// Draws the figures that `look` wants side by side, and gives them back in order.
///
/// # Errors
/// If the folder or a file cannot be written.
pub fn draw_all(orders: &[Order<'_>], look: &Look, folder: &Path) -> Result<Vec<Drawn>, Error> {
    let wanted: Vec<&Order<'_>> = orders.iter().filter(|order| look.wants(order.0.stem())).collect();
    wanted.into_par_iter().map(|(picture, caption)| draw(&**picture, caption, look, folder)).collect()
}

/// Draws a figure and writes `<stem>.svg`, `.png` and `.csv` into a folder, which is made if it is not there; in the
/// plain style `.pdf` too, and its words as `.txt`.
///
/// # Errors
/// If the folder or a file cannot be written; no half-written file is left under the figure's name.
pub fn draw(picture: &dyn Picture, caption: &Caption, look: &Look, folder: &Path) -> Result<Drawn, Error> {
    let (sheet, words) = compose(picture, caption, look);
    let stem = file_stem(picture.stem());
    let failed = |what: &str| format!("could not draw the figure {stem}: {what}");
    let width = look.wide(picture).map(|wide| wide.0);
    let svg = vector(&sheet, &stem, &words, width);
    let tree = usvg::Tree::from_str(&svg, &READER).map_err(|error| Error::Failed(failed(&error.to_string())))?;
    let png = raster(&tree, &sheet, &words, width).map_err(|error| Error::Failed(failed(&error.to_string())))?;
    let csv = picture.data().csv();
    std::fs::create_dir_all(folder).map_err(|error| Error::io("create", folder, error))?;
    let meaning = format!("{}. {}", words.title, words.subtitle);
    let mut files = Vec::new();
    let mut keep = |ending: &str, bytes: &[u8], meaning: String| -> Result<(), Error> {
        files.push((file::write(&folder.join(format!("{stem}.{ending}")), bytes)?, meaning));
        Ok(())
    };
    keep("svg", svg.as_bytes(), meaning.clone())?;
    keep("png", &png, meaning.clone())?;
    keep("csv", csv.as_bytes(), format!("The numbers drawn in {stem}.svg."))?;
    if width.is_some() {
        let page = svg2pdf::PageOptions { dpi: 96.0 };
        let pdf = svg2pdf::to_pdf(&tree, svg2pdf::ConversionOptions::default(), page);
        keep("pdf", &settled(&pdf.map_err(|error| Error::Failed(failed(&error.to_string())))?), meaning)?;
        let text = [&words.title, &words.subtitle, &words.caption, &words.alt];
        let text: String = text.into_iter().filter(|text| !text.is_empty()).map(|text| format!("{text}\n\n")).collect();
        keep("txt", format!("{}\n", text.trim_end()).as_bytes(), format!("The words that belong to {stem}.svg."))?;
    }
    let Words { title, subtitle, alt, .. } = words;
    Ok(Drawn { svg: folder.join(format!("{stem}.svg")), files, title, subtitle, alt })
}

/// The SVG that [`draw`] writes into a file.
pub fn svg(picture: &dyn Picture, caption: &Caption, look: &Look) -> String {
    let (sheet, words) = compose(picture, caption, look);
    vector(&sheet, &file_stem(picture.stem()), &words, look.wide(picture).map(|wide| wide.0))
}

/// A figure as SVG with what it says: title, subtitle, words for those who cannot see it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Inline {
    pub svg: String,
    pub title: String,
    pub subtitle: String,
    pub alt: String,
}

/// Draws a figure for a page that holds it.
pub fn inline(picture: &dyn Picture, caption: &Caption) -> Inline {
    let (sheet, words) = compose(picture, caption, &Look::default());
    let svg = vector(&sheet, &file_stem(picture.stem()), &words, None);
    Inline { svg, title: words.title, subtitle: words.subtitle, alt: words.alt }
}

/// What a figure says.
struct Words {
    title: String,
    subtitle: String,
    caption: String,
    alt: String,
}

fn words(picture: &dyn Picture, caption: &Caption, lack: Option<&str>) -> Words {
    let (title, subtitle, alt) = match lack {
        Some(lack) => (picture.about().to_owned(), String::new(), format!("{}: {lack}.", picture.about())),
        None => (picture.title(), picture.subtitle(), picture.alt()),
    };
    let mut caption = caption.text(lack.is_none());
    if ![&title, &alt, &caption].into_iter().all(|text| letters::drawable(text)) {
        caption += " · letters the font lacks are spelt in Latin ones";
    }
    let [title, subtitle, caption, alt] = [title, subtitle, caption, alt].map(|text| font::clean(&text));
    Words { title, subtitle, caption, alt }
}

/// The page of a figure with everything on it.
fn compose(picture: &dyn Picture, caption: &Caption, look: &Look) -> (Sheet, Words) {
    let lack = picture.lack();
    let words = words(picture, caption, lack.as_deref());
    let mut sheet = Sheet::new(picture.size());
    let mut room = sheet.head_and_foot(&words.title, &words.subtitle, &words.caption);
    if let Some((_, units)) = look.wide(picture) {
        // As high as the body of the report's figure; what it leaves empty is cut off.
        sheet = Sheet::new((units, room.high() + 2.0 * MARGIN));
        room = Frame { left: 0.0, top: 0.0, right: sheet.wide, bottom: sheet.high };
        room = room.inset(MARGIN, MARGIN, MARGIN, MARGIN);
    }
    match lack {
        Some(lack) => {
            let text = font::fit(&font::clean(&lack), style::size::SUBTITLE, room.wide());
            sheet.beside(&text, room.centre(), style::size::SUBTITLE, style::SOFT, Anchor::Middle);
        }
        None => picture.plot(&mut sheet, room),
    }
    if look.style == FigureStyle::Plain {
        sheet.crop(MARGIN);
    }
    (sheet, words)
}

/// The stem as a plain file name and identifier, whatever was asked for.
fn file_stem(stem: &str) -> String {
    let plain = |letter: char| if letter.is_ascii_alphanumeric() { letter.to_ascii_lowercase() } else { '_' };
    let stem: String = stem.chars().map(plain).collect();
    if stem.is_empty() { "figure".to_owned() } else { stem }
}

/// The page as SVG with its title, description and role, for people and screen readers; `width` in millimetres, if any.
fn vector(sheet: &Sheet, stem: &str, words: &Words, width: Option<f64>) -> String {
    let grid = ((sheet.wide * FINE) as u32, (sheet.high * FINE) as u32);
    let escape = |text: &str| quick_xml::escape::escape(text).into_owned();
    let (wide, high) = match width {
        Some(width) => (format!("{width}mm"), format!("{:.3}mm", width * sheet.high / sheet.wide)),
        None => (sheet.wide.to_string(), sheet.high.to_string()),
    };
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{}\" height=\"{}\" viewBox=\"0 0 {} {}\" role=\"img\" \
         aria-labelledby=\"{stem}-title {stem}-desc\" font-family=\"{}\" stroke-linejoin=\"round\">\n\
         <title id=\"{stem}-title\">{}</title>\n<desc id=\"{stem}-desc\">{}</desc>\n\
         <rect width=\"100%\" height=\"100%\" fill=\"#FFFFFF\"/>\n{}</svg>\n",
        wide,
        high,
        grid.0,
        grid.1,
        font::FAMILY,
        escape(&words.title),
        escape(&words.alt),
        sheet.svg(),
    )
}

/// A PDF with the entries of its dictionary of veils in order: the library lists them by a hash that differs from run to
/// run. Nothing moves, for the lines together are as long as before.
fn settled(pdf: &[u8]) -> Vec<u8> {
    let is_veil = |line: &[u8]| line.trim_ascii_start().starts_with(b"/gs");
    let mut lines: Vec<&[u8]> = pdf.split(|byte| *byte == b'\n').collect();
    lines.chunk_by_mut(|a, b| is_veil(a) && is_veil(b)).for_each(<[&[u8]]>::sort);
    lines.join(&b'\n')
}

/// The drawing as PNG, with title and description in its text chunks; `width` of the page in millimetres, if any.
fn raster(tree: &usvg::Tree, sheet: &Sheet, words: &Words, width: Option<f64>) -> Result<Vec<u8>, png::EncodingError> {
    let scale = width.map_or(PIXELS, |width| DOTS * width / MILLIMETRES_PER_INCH / sheet.wide);
    let size = ((sheet.wide * scale) as u32, (sheet.high * scale) as u32);
    let mut map = tiny_skia::Pixmap::new(size.0, size.1).expect("a page has a size");
    map.fill(tiny_skia::Color::WHITE);
    // What the tree measures in is points of a screen, whatever the page's own units.
    let shrink = size.0 as f32 / tree.size().width();
    resvg::render(tree, tiny_skia::Transform::from_scale(shrink, shrink), &mut map.as_mut());
    let pixels: Vec<u8> = map.data().chunks_exact(4).flat_map(|pixel| &pixel[..3]).copied().collect();
    let mut bytes = Vec::new();
    let mut encoder = png::Encoder::new(&mut bytes, size.0, size.1);
    encoder.set_color(png::ColorType::Rgb);
    encoder.set_depth(png::BitDepth::Eight);
    // Flat colours in plain rows: the best compression takes ten times as long and saves little.
    encoder.set_compression(png::Compression::Default);
    encoder.set_filter(png::FilterType::NoFilter);
    let per_metre = (width.map_or(PIXELS * 5_000.0, |_| DOTS * 1_000.0 / MILLIMETRES_PER_INCH)) as u32;
    encoder.set_pixel_dims(Some(png::PixelDimensions { xppu: per_metre, yppu: per_metre, unit: png::Unit::Meter }));
    encoder.add_itxt_chunk("Title".to_owned(), words.title.clone())?;
    encoder.add_itxt_chunk("Description".to_owned(), words.alt.clone())?;
    let mut writer = encoder.write_header()?;
    writer.write_image_data(&pixels)?;
    writer.finish()?;
    Ok(bytes)
}

//! The figures of a report: each is drawn once onto a page, which becomes an SVG for reading and a PNG for pasting.
//!
//! A figure is a plain struct of numbers that implements [`Picture`]; [`draw`] does the rest. Figures know no
//! simulation: whoever has the numbers fills the struct. The same numbers give the same bytes.

pub mod acceptability;
pub mod additional;
mod axis;
pub mod cost_plane;
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
mod paper;
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

use plotters::prelude::{IntoDrawingArea, SVGBackend};

use crate::error::Error;
use paper::Paper;
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
    pub png: PathBuf,
    /// The finding.
    pub title: String,
    /// The measure and its unit.
    pub subtitle: String,
    /// The figure in words, for those who cannot see it.
    pub alt: String,
}

/// A figure: what it says, and how it looks.
pub trait Picture {
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
    /// Width and height of the page.
    fn size(&self) -> (f64, f64) {
        (800.0, 500.0)
    }
    /// Draws the body into the room between head and foot.
    fn plot(&self, sheet: &mut Sheet, room: Frame);
}

/// Draws a figure and writes `<stem>.svg` and `<stem>.png` into a folder, which is made if it is not there.
///
/// # Errors
/// If the folder or a file cannot be written; no half-written file is left under the figure's name.
pub fn draw(picture: &impl Picture, caption: &Caption, folder: &Path) -> Result<Drawn, Error> {
    let (sheet, words) = compose(picture, caption);
    let stem = file_stem(picture.stem());
    std::fs::create_dir_all(folder).map_err(|error| Error::io("create", folder, error))?;
    let svg = folder.join(format!("{stem}.svg"));
    let png = folder.join(format!("{stem}.png"));
    write(&svg, vector(&sheet, &stem, &words)?.as_bytes())?;
    write(&png, &raster(&sheet, &words)?)?;
    let Words { title, subtitle, alt } = words;
    Ok(Drawn { svg, png, title, subtitle, alt })
}

/// A figure as SVG with what it says: title, subtitle, words for those who cannot see it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Inline {
    pub svg: String,
    pub title: String,
    pub alt: String,
}

/// Draws a figure for a page that holds it.
///
/// # Errors
/// If it cannot be drawn.
pub fn inline(picture: &impl Picture, caption: &Caption) -> Result<Inline, Error> {
    let (sheet, words) = compose(picture, caption);
    let svg = vector(&sheet, &file_stem(picture.stem()), &words)?;
    Ok(Inline { svg, title: words.title, alt: words.alt })
}

/// What a figure says.
struct Words {
    title: String,
    subtitle: String,
    alt: String,
}

/// The page of a figure with everything on it.
fn compose(picture: &impl Picture, caption: &Caption) -> (Sheet, Words) {
    let mut sheet = Sheet::new(picture.size());
    let lack = picture.lack();
    let words = match &lack {
        Some(lack) => Words {
            title: font::clean(picture.about()),
            subtitle: String::new(),
            alt: format!("{}: {}.", font::clean(picture.about()), font::clean(lack)),
        },
        None => Words {
            title: font::clean(&picture.title()),
            subtitle: font::clean(&picture.subtitle()),
            alt: font::clean(&picture.alt()),
        },
    };
    let room = sheet.head_and_foot(&words.title, &words.subtitle, &caption.text(lack.is_none()));
    match lack {
        Some(lack) => {
            let text = font::fit(&font::clean(&lack), style::size::SUBTITLE, room.wide());
            sheet.beside(&text, room.centre(), style::size::SUBTITLE, style::SOFT, Anchor::Middle);
        }
        None => picture.plot(&mut sheet, room),
    }
    (sheet, words)
}

/// The stem as a plain file name and identifier, whatever was asked for.
fn file_stem(stem: &str) -> String {
    let plain = |letter: char| if letter.is_ascii_alphanumeric() { letter.to_ascii_lowercase() } else { '_' };
    let stem: String = stem.chars().map(plain).collect();
    if stem.is_empty() { "figure".to_owned() } else { stem }
}

/// The page as SVG with its title, description and role, for people and screen readers.
fn vector(sheet: &Sheet, stem: &str, words: &Words) -> Result<String, Error> {
    let grid = ((sheet.wide * FINE) as u32, (sheet.high * FINE) as u32);
    let mut body = String::new();
    let area = SVGBackend::with_string(&mut body, grid).into_drawing_area();
    sheet.draw(&area).map_err(|error| Error::Failed(format!("could not draw the figure {stem}: {error}")))?;
    drop(area);
    // The opening tag is plotters' own; ours carries the size in units of the page, what readers need, and once
    // what plotters repeats on every mark. Quotes in texts are escaped, so only attributes can match.
    let marks = body.split_once('>').map_or("", |(_, marks)| marks);
    let marks = marks.replace(" opacity=\"1\"", "").replace(&format!(" font-family=\"{}\"", font::FAMILY), "");
    let escape = |text: &str| quick_xml::escape::escape(text).into_owned();
    Ok(format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{}\" height=\"{}\" viewBox=\"0 0 {} {}\" role=\"img\" \
         aria-labelledby=\"{stem}-title {stem}-desc\" font-family=\"{}\" stroke-linejoin=\"round\">\n\
         <title id=\"{stem}-title\">{}</title>\n<desc id=\"{stem}-desc\">{}</desc>{marks}",
        sheet.wide,
        sheet.high,
        grid.0,
        grid.1,
        font::FAMILY,
        escape(&words.title),
        escape(&words.alt),
    ))
}

/// The page as PNG, with the title and the description in its text chunks.
fn raster(sheet: &Sheet, words: &Words) -> Result<Vec<u8>, Error> {
    let size = ((sheet.wide * PIXELS) as usize, (sheet.high * PIXELS) as usize);
    let mut pixels = vec![255; size.0 * size.1 * 3];
    let area = Paper::new(&mut pixels, size, (PIXELS / FINE) as f32).into_drawing_area();
    sheet.draw(&area).map_err(|error| Error::Failed(format!("could not draw a figure: {error}")))?;
    drop(area);
    encode(&pixels, size, words).map_err(|error| Error::Failed(format!("could not encode a figure: {error}")))
}

fn encode(pixels: &[u8], size: (usize, usize), words: &Words) -> Result<Vec<u8>, png::EncodingError> {
    let mut bytes = Vec::new();
    let mut encoder = png::Encoder::new(&mut bytes, size.0 as u32, size.1 as u32);
    encoder.set_color(png::ColorType::Rgb);
    encoder.set_depth(png::BitDepth::Eight);
    // Flat colours in plain rows: a third of the size that the default settings give.
    encoder.set_compression(png::Compression::Best);
    encoder.set_filter(png::FilterType::NoFilter);
    let per_metre = (PIXELS * 5_000.0) as u32;
    encoder.set_pixel_dims(Some(png::PixelDimensions { xppu: per_metre, yppu: per_metre, unit: png::Unit::Meter }));
    encoder.add_itxt_chunk("Title".to_owned(), words.title.clone())?;
    encoder.add_itxt_chunk("Description".to_owned(), words.alt.clone())?;
    let mut writer = encoder.write_header()?;
    writer.write_image_data(pixels)?;
    writer.finish()?;
    Ok(bytes)
}

/// Writes under another name first: whoever finds the file finds all of it.
fn write(path: &Path, bytes: &[u8]) -> Result<(), Error> {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let part = path.with_file_name(format!(".{name}.{}.part", std::process::id()));
    std::fs::write(&part, bytes).and_then(|()| std::fs::rename(&part, path)).map_err(|error| {
        // What could not be written is of no use; that it may not be there at all is no second error.
        let _ = std::fs::remove_file(&part);
        Error::io("write", path, error)
    })
}

//! The marks of the page: headings, paragraphs, lists, tables and figures in HTML.

use super::super::figure::Drawing;
use crate::report::figure::{COMPARED, additional, gains};
use quick_xml::escape::escape;

/// Figures that need the height of a page to be read on paper.
pub(super) const TALL: [&str; 2] = [gains::STEM, additional::STEM];

pub(super) fn esc(text: &str) -> String {
    escape(text).into_owned()
}

/// A table as on the page: a name for its file, and its rows, that of headings first.
pub type Shown = (String, Vec<Vec<String>>);

/// A page being written.
pub(super) struct Page {
    pub(super) text: String,
    /// Every table on it, for those who go on with the numbers.
    pub(super) tables: Vec<Shown>,
    pub(super) figures: usize,
}

impl Page {
    pub(super) fn heading(&mut self, id: &str, text: &str) {
        self.text += &format!("<h2 id=\"{id}\">{}</h2>\n", esc(text));
    }

    pub(super) fn subheading(&mut self, text: &str) {
        self.text += &format!("<h3>{}</h3>\n", esc(text));
    }

    pub(super) fn paragraph(&mut self, text: &str) {
        self.text += &format!("<p>{}</p>\n", esc(text));
    }

    pub(super) fn list<'a>(&mut self, items: impl IntoIterator<Item = &'a str>) {
        let items: String = items.into_iter().map(|item| format!("<li>{}</li>\n", esc(item))).collect();
        self.text += &format!("<ul>\n{items}</ul>\n");
    }

    /// A table and the name of its file: headings in the first row, what a row is about in its first cell. Of the class
    /// `words` for texts.
    pub(super) fn table(&mut self, name: &str, caption: &str, class: &str, rows: &[Vec<String>]) {
        let Some((heads, body)) = rows.split_first() else { return };
        self.tables.push((name.to_owned(), rows.to_vec()));
        let heads: String = heads.iter().map(|head| format!("<th scope=\"col\">{}</th>", esc(head))).collect();
        let line = |row: &Vec<String>| {
            let cell = |(i, cell): (usize, &String)| match i {
                0 => format!("<th scope=\"row\">{}</th>", esc(cell)),
                _ => format!("<td>{}</td>", esc(cell)),
            };
            format!("<tr>{}</tr>\n", row.iter().enumerate().map(cell).collect::<String>())
        };
        let body: String = body.iter().map(line).collect();
        let class = if class.is_empty() { String::new() } else { format!(" class=\"{class}\"") };
        self.text += &format!(
            "<div class=\"wide\" role=\"region\" aria-label=\"{0}\" tabindex=\"0\"><table{class}>\n<caption>{0}</caption>\n\
             <thead><tr>{heads}</tr></thead>\n<tbody>\n{body}</tbody></table></div>\n",
            esc(caption)
        );
    }

    /// A figure, if it was drawn, with the numbers behind it. The picture itself carries its title, and its description
    /// for those who cannot see it.
    pub(super) fn figure(&mut self, drawings: &[Drawing], stem: &str) {
        let Some(drawing) = drawings.iter().find(|drawing| drawing.stem == stem) else { return };
        self.figures += 1;
        let about = COMPARED.iter().find(|known| known.0 == stem).map_or("", |known| known.1);
        self.text += &format!(
            "<figure{}>\n{}\n<figcaption><span class=\"narrow\" aria-hidden=\"true\">{title}. </span>Figure {}. {}</figcaption>\n</figure>\n<details><summary>The numbers behind figure {2}</summary>\n",
            if TALL.contains(&stem) { " class=\"tall\"" } else { "" },
            drawing.drawn.svg,
            self.figures,
            esc(about),
            title = esc(&drawing.drawn.title),
        );
        self.table(&format!("figure-{stem}"), &format!("{about}. {}", drawing.drawn.subtitle), "", &drawing.rows);
        self.text += "</details>\n";
    }
}

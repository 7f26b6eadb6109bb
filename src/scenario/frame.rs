//! Faults as frames: what is wrong, the line it stands in, what was expected there and what to do.

use crate::error::{Fault, Place, Severity, Source};
use annotate_snippets::{AnnotationKind, Group, Level, Renderer, Snippet, normalize_untrusted_str};
use std::ops::Range;

/// Faults shown at once; a file that is no scenario at all has thousands.
const SHOWN: usize = 100;

/// Writes faults for people, one frame each with a line between; `styled` adds the colours of a terminal.
pub fn frames(faults: &[Fault], styled: bool) -> String {
    let renderer = if styled { Renderer::styled() } else { Renderer::plain() };
    let mut parts: Vec<String> = faults.iter().take(SHOWN).map(|fault| frame(fault, &renderer)).collect();
    if faults.len() > SHOWN {
        parts.push(format!("… and {} more", faults.len() - SHOWN));
    }
    parts.into_iter().map(|part| part + "\n").collect::<Vec<_>>().join("\n")
}

fn frame(fault: &Fault, renderer: &Renderer) -> String {
    let level = match fault.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
    };
    let mut group = Group::with_title(level.primary_title(normalize_untrusted_str(&fault.title)));
    match &fault.place {
        Place::Text(source, range) => group = group.element(snippet(source, range, &fault.label)),
        Place::Nowhere | Place::Setting(_) if !fault.label.is_empty() => {
            group = group.element(Level::NOTE.message(normalize_untrusted_str(&fault.label)));
        }
        Place::Nowhere | Place::Setting(_) => {}
    }
    for help in fault.help.iter().flat_map(|help| help.lines()) {
        group = group.element(Level::HELP.message(normalize_untrusted_str(help)));
    }
    renderer.render(&[group])
}

/// The lines around a stretch of text, which alone are handed on, so that long files cost nothing.
fn snippet<'a>(
    source: &'a Source,
    range: &Range<usize>,
    label: &str,
) -> Snippet<'a, annotate_snippets::Annotation<'a>> {
    let text = source.text.as_str();
    let (start, end) = (whole(text, range.start), whole(text, range.end.max(range.start)));
    let from = text[..start].rfind('\n').map_or(0, |newline| newline + 1);
    let to = text[end..].find('\n').map_or(text.len(), |newline| end + newline);
    let to = if text[end..to].ends_with('\r') { to - 1 } else { to };
    let mark = AnnotationKind::Primary.span(start - from..end - from);
    let mark = if label.is_empty() { mark } else { mark.label(normalize_untrusted_str(label)) };
    let snippet = Snippet::source(&text[from..to]).annotation(mark);
    if source.name.is_empty() {
        return snippet.line_numbering(false);
    }
    let line = 1 + text[..from].bytes().filter(|&byte| byte == b'\n').count();
    snippet.path(normalize_untrusted_str(&source.name)).line_start(line)
}

/// The nearest boundary between characters at or before a byte.
fn whole(text: &str, at: usize) -> usize {
    (0..=at.min(text.len())).rev().find(|&at| text.is_char_boundary(at)).unwrap_or(0)
}

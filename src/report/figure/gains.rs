//! Who gains from an arm: groups of firms with their gain and its interval, by what they were before.

use super::Picture;
use super::axis::{Axis, Panel};
use super::data::Data;
use super::font;
use super::forest::Row;
use super::sheet::{Anchor, Frame, Sheet};
use super::style::{Cue, INK, PALE, SOFT, Stroke, Unit, WHITE, cue, fixed, size};

pub const STEM: &str = "gains";
pub const ABOUT: &str = "Who gains from the arm with the largest effect";

const ROW: f64 = 19.0;
/// Room of the name of a dimension.
const HEAD: f64 = 22.0;
/// Rows beyond which nobody reads on.
const MOST: usize = 70;

/// A group of firms.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Group {
    /// What the group is told by: "employees".
    pub dimension: String,
    /// Participants per run.
    pub participants: f64,
    /// Additional exporters per 100 participants; the label is the level.
    pub gain: Row,
}

/// The groups of an arm, those of a dimension beside each other.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Input {
    pub arm: String,
    /// The number of the arm, which gives it its colour.
    pub number: usize,
    /// The last year compared.
    pub year: i32,
    pub groups: Vec<Group>,
    /// The finding.
    pub title: String,
}

impl Input {
    /// Groups with at least a participant per run.
    fn shown(&self) -> Vec<&Group> {
        let known = self.groups.iter().filter(|group| group.gain.mean.is_finite() && group.participants >= 1.0);
        known.take(MOST).collect()
    }

    fn heads(&self) -> usize {
        let shown = self.shown();
        (0..shown.len()).filter(|i| *i == 0 || shown[i - 1].dimension != shown[*i].dimension).count()
    }

    fn look(&self) -> Cue {
        cue(self.number)
    }
}

impl Picture for Input {
    fn stem(&self) -> &str {
        STEM
    }

    fn about(&self) -> &str {
        ABOUT
    }

    fn lack(&self) -> Option<String> {
        self.shown().is_empty().then(|| "nobody took part".to_owned())
    }

    fn title(&self) -> String {
        self.title.clone()
    }

    fn subtitle(&self) -> String {
        format!(
            "Additional exporters in {} per 100 participants of a group; mean and 95 % interval; filled: the interval leaves 0 out; \
             right: participants per run; groups with less than one are left out",
            self.year
        )
    }

    fn alt(&self) -> String {
        let say = |group: &&Group| format!("{} {} {}", group.dimension, group.gain.label, group.gain.words());
        let parts: Vec<String> = self.shown().iter().map(say).collect();
        format!("Additional exporters per 100 participants of {} by group. {}.", self.arm, parts.join("; "))
    }

    fn size(&self) -> (f64, f64) {
        (800.0, 190.0 + ROW * self.shown().len().max(4) as f64 + HEAD * self.heads() as f64)
    }

    fn data(&self) -> Data {
        let columns =
            ["arm", "told_by", "group", "participants_per_run", "additional_exporters_per_100", "low", "high"];
        let mut data = Data::new(&columns);
        for group in self.shown() {
            let gain = &group.gain;
            data.row(&[
                &self.arm,
                &group.dimension,
                &gain.label,
                &group.participants,
                &gain.mean,
                &gain.low,
                &gain.high,
            ]);
        }
        data
    }

    fn plot(&self, sheet: &mut Sheet, room: Frame) {
        let shown = self.shown();
        let look = self.look();
        let names: Vec<String> =
            shown.iter().map(|group| font::fit(&font::clean(&group.gain.label), size::TICK, 200.0)).collect();
        let counts: Vec<String> = shown
            .iter()
            .map(|group| fixed(group.participants, if group.participants < 10.0 { 1 } else { 0 }))
            .collect();
        let left = 12.0 + font::widest(names.iter().map(String::as_str), size::TICK) + 14.0;
        let right = font::widest(counts.iter().map(String::as_str).chain(["participants"]), size::TICK) + 16.0;
        let values = shown.iter().flat_map(|group| [group.gain.low, group.gain.mean, group.gain.high]).chain([0.0]);
        let panel = Panel::new(
            sheet,
            room.inset(left, 16.0, right, 0.0),
            Axis::linear("additional exporters per 100 participants", Unit::Plain, values, false),
            Axis::exact("", Unit::Count, 0.0, 1.0).silent(),
        );
        let x = panel.x(0.0);
        sheet.line([(x, panel.plot.top), (x, panel.plot.bottom)], Stroke::dashed(INK, 1.3));
        sheet.words("participants", (room.right, panel.plot.top - 6.0), size::NOTE, SOFT, Anchor::End);
        let unit = panel.plot.high() / (ROW * shown.len() as f64 + HEAD * self.heads() as f64);
        let mut y = panel.plot.top;
        let mut last = "";
        for ((group, name), number) in shown.iter().zip(names).zip(counts) {
            if group.dimension != last {
                last = &group.dimension;
                // No interval stands in this row: the name may be as wide as all of it.
                let text = font::fit(&font::clean(last), size::LABEL, panel.plot.right - room.left);
                sheet.note(&text, (room.left, y + unit * 0.72 * HEAD), size::LABEL, INK, Anchor::Start);
                y += unit * HEAD;
            }
            let middle = y + unit * ROW / 2.0;
            sheet.line([(panel.plot.left, middle), (panel.plot.right, middle)], Stroke::solid(PALE, 0.7));
            let gain = &group.gain;
            sheet.line([(panel.x(gain.low), middle), (panel.x(gain.high), middle)], Stroke::solid(look.colour, 1.9));
            let at = (panel.x(gain.mean), middle);
            sheet.marker(at, look.marker, 4.2, look.colour);
            if !gain.is_clear() && look.marker.is_solid() {
                sheet.shape(at, look.marker, 2.3, WHITE);
            }
            sheet.beside(&name, (room.left + 12.0, middle), size::TICK, INK, Anchor::Start);
            sheet.beside(&number, (room.right, middle), size::TICK, SOFT, Anchor::End);
            y += unit * ROW;
        }
    }
}

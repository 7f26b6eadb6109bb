//! How much of their sales exporters make abroad: the distribution of foreign over total sales.

use plotters::style::Color;

use super::Picture;
use super::axis::{Axis, Panel};
use super::data::Data;
use super::sheet::{Anchor, Frame, Sheet};
use super::style::{BLUE, INK, SKY, SOFT, Stroke, Unit, VERMILLION, WHITE, darker, over_runs, percent, several, size};
use crate::statistics::claim::share_over_runs;

pub const STEM: &str = "fsts";
pub const ABOUT: &str = "Foreign share of exporters' sales";

/// Exporters by foreign over total sales.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Input {
    /// Exporters in equal classes from 0 to 1.
    pub bins: Vec<u64>,
    /// Mean of foreign over total sales, 0–1.
    pub mean: f64,
    /// Share of exporters below 0.2.
    pub share_below_20: f64,
    /// Share of exporters above 0.8.
    pub share_above_80: f64,
    /// Mean and share below 0.2 in each run that had exporters.
    pub runs: Vec<(f64, f64)>,
}

impl Input {
    fn firms(&self) -> u64 {
        self.bins.iter().sum()
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
        (self.firms() == 0).then(|| "no exporters in this run".to_owned())
    }

    fn title(&self) -> String {
        format!(
            "Exporters make {} of their sales abroad on average; {} of them make less than a fifth there",
            share_over_runs(self.mean, &self.runs.iter().map(|run| run.0).collect::<Vec<_>>()),
            match self.share_below_20 {
                1.0 => "all".to_owned(),
                0.0 => "none".to_owned(),
                share => share_over_runs(share, &self.runs.iter().map(|run| run.1).collect::<Vec<_>>()),
            },
        )
    }

    fn subtitle(&self) -> String {
        format!("Share of exporters (%) by foreign sales over total sales (FSTS){}", over_runs(self.runs.len()))
    }

    fn alt(&self) -> String {
        format!(
            "Histogram of {} in {} classes. Mean {}; {} lie below 20%, {} above 80%.",
            several(self.firms(), "exporter", "exporters"),
            self.bins.len(),
            percent(self.mean),
            percent(self.share_below_20),
            percent(self.share_above_80),
        )
    }

    fn data(&self) -> Data {
        let mut data = Data::new(&["fsts_from", "fsts_to", "exporters"]);
        let wide = 1.0 / self.bins.len() as f64;
        for (i, firms) in self.bins.iter().enumerate() {
            data.row(&[&(i as f64 * wide), &((i + 1) as f64 * wide), firms]);
        }
        data
    }

    fn plot(&self, sheet: &mut Sheet, room: Frame) {
        let (all, classes) = (self.firms() as f64, self.bins.len() as f64);
        let panel = Panel::new(
            sheet,
            room.inset(0.0, 68.0, 12.0, 0.0),
            Axis::exact("foreign sales over total sales (%)", Unit::Share, 0.0, 1.0),
            Axis::linear("", Unit::Share, self.bins.iter().map(|firms| *firms as f64 / all), true),
        );
        // Above the brackets, which stand where axes have their titles.
        sheet.words("share of exporters (%)", (room.left, room.top + 8.0), size::TICK, SOFT, Anchor::Start);
        for (i, &firms) in self.bins.iter().enumerate() {
            let (from, to) = (i as f64 / classes, (i as f64 + 1.0) / classes);
            let outer = to <= 0.2 + 1e-9 || from >= 0.8 - 1e-9;
            let (left, top) = panel.at(from, firms as f64 / all);
            let bar = Frame { left: left + 1.0, top, right: panel.x(to) - 1.0, bottom: panel.plot.bottom };
            if firms > 0 {
                sheet.tile(bar, if outer { BLUE } else { SKY });
                let corners = [(bar.left, bar.bottom), (bar.left, top), (bar.right, top), (bar.right, bar.bottom)];
                sheet.line(corners, Stroke::solid(darker(BLUE), 0.8));
            }
        }
        self.brackets(sheet, &panel);
        if self.mean.is_finite() {
            let x = panel.x(self.mean.clamp(0.0, 1.0));
            sheet.line([(x, panel.plot.top - 18.0), (x, panel.plot.bottom)], Stroke::solid(WHITE, 4.0));
            sheet.line([(x, panel.plot.top - 18.0), (x, panel.plot.bottom)], Stroke::dashed(VERMILLION, 1.8));
            let (anchor, side) = if self.mean < 0.5 { (Anchor::Start, 6.0) } else { (Anchor::End, -6.0) };
            let text = format!("mean {}", percent(self.mean));
            sheet.words(&text, (x + side, panel.plot.top - 8.0), size::LABEL, darker(VERMILLION), anchor);
        }
    }
}

impl Input {
    /// What lies in the outer fifths, as brackets above the bars.
    fn brackets(&self, sheet: &mut Sheet, panel: &Panel) {
        let y = panel.plot.top - 34.0;
        for (from, to, share, text) in
            [(0.0, 0.2, self.share_below_20, "below 20%"), (0.8, 1.0, self.share_above_80, "above 80%")]
        {
            let (left, right) = (panel.x(from) + 1.0, panel.x(to) - 1.0);
            sheet.line([(left, y + 5.0), (left, y), (right, y), (right, y + 5.0)], Stroke::solid(INK.mix(0.8), 1.0));
            let label = format!("{} {text}", percent(share));
            sheet.words(&label, ((left + right) / 2.0, y - 6.0), size::LABEL, INK, Anchor::Middle);
        }
    }
}

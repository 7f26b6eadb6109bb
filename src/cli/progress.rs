//! How far work is: a bar on a terminal; elsewhere a line of JSON at 1, 2, 4, 8 … done, every few seconds, and at the
//! end; nothing when quiet.

use indicatif::{ProgressBar, ProgressStyle};
use serde_json::json;
use std::io::{IsTerminal, Write, stderr};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// Time after which a line comes in any case; lines at powers of two and no others besides keep logs short.
const LINE: Duration = Duration::from_secs(5);

/// Tells how many years of how many are simulated; shared by the threads of a study.
pub struct Progress {
    manner: Manner,
    total: u64,
    begun: Instant,
}

enum Manner {
    Silent,
    Bar(ProgressBar),
    Lines(Mutex<Lines>),
}

/// Lines of JSON on their way.
struct Lines {
    /// What is done.
    done: u64,
    /// When the last line was written.
    last: Option<Instant>,
    out: Box<dyn Write + Send>,
}

impl Lines {
    fn to(out: impl Write + Send + 'static) -> Self {
        Self { done: 0, last: None, out: Box::new(out) }
    }

    /// One more is done of so many; a line if the last is old enough, or if this is a power of two or the last of all.
    fn count(&mut self, total: u64, line: impl FnOnce(u64) -> serde_json::Value) {
        self.done += 1;
        if self.done == total || self.done.is_power_of_two() || self.last.is_none_or(|last| last.elapsed() >= LINE) {
            self.last = Some(Instant::now());
            // Progress is talk: a reader that has gone must not stop the run.
            let _ = writeln!(self.out, "{}", line(self.done));
        }
    }
}

impl Progress {
    /// Begins to tell of `total` years, those of the burn-in and of all replicates included.
    pub fn new(total: u64, quiet: bool) -> Self {
        let manner = if quiet {
            Manner::Silent
        } else if stderr().is_terminal() {
            Manner::Bar(bar(total))
        } else {
            Manner::Lines(Mutex::new(Lines::to(stderr())))
        };
        Self { manner, total, begun: Instant::now() }
    }

    /// One more year of a replicate is simulated; the note is shown behind the bar.
    pub fn year(&self, replicate: u32, year: i64, note: &str) {
        match &self.manner {
            Manner::Silent => {}
            Manner::Bar(bar) => {
                bar.set_message(format!("{year} {note}"));
                bar.inc(1);
            }
            Manner::Lines(lines) => {
                // A panic elsewhere is told elsewhere.
                let mut lines = lines.lock().unwrap_or_else(PoisonError::into_inner);
                let of = self.total;
                lines.count(of, |done| json!({ "replicate": replicate, "year": year, "done": done, "of": of }));
            }
        }
    }

    /// One more year is simulated, of whatever run.
    pub fn tick(&self) {
        match &self.manner {
            Manner::Silent => {}
            Manner::Bar(bar) => bar.inc(1),
            Manner::Lines(lines) => {
                let mut lines = lines.lock().unwrap_or_else(PoisonError::into_inner);
                lines.count(self.total, |done| json!({ "done": done, "of": self.total }));
            }
        }
    }

    /// One more point of a search is evaluated; a line says how long the rest may take at most, in seconds.
    pub fn evaluation(&self, stage: &str, distance: f64, lowest: f64) {
        match &self.manner {
            Manner::Silent => {}
            Manner::Bar(bar) => {
                bar.set_message(format!("{stage}: distance {distance:.3}, lowest {lowest:.3}"));
                bar.inc(1);
            }
            Manner::Lines(lines) => {
                let mut lines = lines.lock().unwrap_or_else(PoisonError::into_inner);
                lines.count(self.total, |done| {
                    let rest = self.total.saturating_sub(done) as f64;
                    let left = self.begun.elapsed().as_secs_f64() / done as f64 * rest;
                    json!({
                        "stage": stage, "distance": distance, "lowest": lowest, "done": done, "of": self.total,
                        "left_seconds": left.round(),
                    })
                });
            }
        }
    }

    /// Ends the telling; a bar is wiped off.
    pub fn finish(&self) {
        if let Manner::Bar(bar) = &self.manner {
            bar.finish_and_clear();
        }
    }
}

fn bar(total: u64) -> ProgressBar {
    let style = ProgressStyle::with_template("{bar:32} {percent:>3} %  {elapsed} of about {duration}  {msg}")
        .expect("the template is well formed");
    ProgressBar::new(total).with_style(style)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::Arc;

    #[derive(Clone, Default)]
    struct Sink(Arc<Mutex<Vec<u8>>>);

    impl Write for Sink {
        fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
            self.0.lock().expect("no other test writes here").extend_from_slice(bytes);
            Ok(bytes.len())
        }
        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn elsewhere_than_on_a_terminal_few_lines_of_json_tell_how_far_work_is() {
        let sink = Sink::default();
        let manner = Manner::Lines(Mutex::new(Lines::to(sink.clone())));
        let progress = Progress { manner, total: 2000, begun: Instant::now() };
        (0..2000).for_each(|year| progress.year(1, year, ""));
        progress.finish();
        let text = String::from_utf8(sink.0.lock().expect("the writing is over").clone()).expect("JSON is UTF-8");
        let told = |line: &str| text.lines().filter(|known| known == &line).count();
        assert_eq!(told("{\"replicate\":1,\"year\":0,\"done\":1,\"of\":2000}"), 1);
        assert_eq!(told("{\"replicate\":1,\"year\":1999,\"done\":2000,\"of\":2000}"), 1);
        assert_eq!(text.lines().count(), 12, "1, 2, 4 … 1024 and the last: {text}");
    }

    #[test]
    fn every_evaluation_of_a_search_says_how_long_the_rest_may_take() {
        let sink = Sink::default();
        let manner = Manner::Lines(Mutex::new(Lines::to(sink.clone())));
        let progress = Progress { manner, total: 2, begun: Instant::now() };
        progress.evaluation("start", 2.0, 2.0);
        progress.evaluation("step", 3.0, 2.0);
        let text = String::from_utf8(sink.0.lock().expect("the writing is over").clone()).expect("JSON is UTF-8");
        let last: serde_json::Value =
            serde_json::from_str(text.lines().last().expect("two lines")).expect("a line is JSON");
        let told = (&last["done"], &last["lowest"], &last["left_seconds"]);
        assert_eq!(told, (&json!(2), &json!(2.0), &json!(0.0)), "nothing is left after the last");
    }

    #[test]
    fn a_bar_counts_the_years_and_is_wiped_off() {
        let hidden = bar(2);
        hidden.set_draw_target(indicatif::ProgressDrawTarget::hidden());
        let progress = Progress { manner: Manner::Bar(hidden.clone()), total: 2, begun: Instant::now() };
        progress.year(1, 1995, "12 exporters");
        assert_eq!((hidden.position(), hidden.message().as_str()), (1, "1995 12 exporters"));
        progress.finish();
        assert!(hidden.is_finished());
    }

    #[test]
    fn quiet_is_silent() {
        assert!(matches!(Progress::new(2, true).manner, Manner::Silent));
    }
}

//! The runs of a sweep as a table: tidy Parquet or CSV, and the layout that NetLogo's BehaviorSpace writes.
//!
//! One row for each finished run, point by point and replicate by replicate, whatever the order in which they were made:
//! equal stores give equal bytes. Runs that failed have their cause and no outcomes; runs that were not made have no row,
//! and a table that lacks some says so itself: in its footer, in a last column, or in its head.

use crate::error::Error;
use crate::experiment::sensitivity::{Answer, Estimate, Sensitivity};
use crate::experiment::sweep::Sweep;
use crate::experiment::sweep::result::{Run, each};
use crate::experiment::sweep::store::{Ended, Store};
use crate::experiment::sweep::task::{Names, made};
use crate::report::file::Draft;
use crate::report::table::Kind;
use crate::statistics::words::cell;
use arrow_array::builder::{Float64Builder, Int64Builder, StringDictionaryBuilder};
use arrow_array::types::Int32Type;
use arrow_array::{ArrayRef, RecordBatch};
use arrow_schema::Schema;
use parquet::arrow::ArrowWriter;
use parquet::basic::{Compression, ZstdLevel};
use parquet::file::metadata::KeyValue;
use parquet::file::properties::WriterProperties;
use std::collections::BTreeMap;
use std::io::Write;
use std::path::Path;
use std::sync::Arc;

/// Rows held in memory at a time.
const BATCH: usize = 1 << 14;

/// Causes of failure with how many runs they hit, the most frequent first.
///
/// # Errors
/// The store cannot be read.
pub fn causes(sweep: &Sweep, names: &Names, store: &mut Store) -> Result<Vec<(String, u64)>, Error> {
    let mut causes: BTreeMap<String, u64> = BTreeMap::new();
    each(sweep, names, store, |run| {
        if let Some(Ended::Failed(cause)) = run.ended {
            *causes.entry(cause).or_default() += 1;
        }
        Ok(())
    })?;
    let mut causes: Vec<(String, u64)> = causes.into_iter().collect();
    causes.sort_by_key(|(_, runs)| std::cmp::Reverse(*runs));
    Ok(causes)
}

/// One row of the tidy table.
struct Row<'a> {
    run: &'a Run,
    point: Vec<f64>,
}

impl Row<'_> {
    fn values(&self) -> &[f64] {
        match &self.run.ended {
            Some(Ended::Done(values)) => values,
            _ => &[],
        }
    }

    fn cause(&self) -> Option<&str> {
        match &self.run.ended {
            Some(Ended::Failed(cause)) => Some(cause),
            _ => None,
        }
    }
}

/// Hands over every finished run as a row; gives back how many there were.
fn rows(
    sweep: &Sweep,
    names: &Names,
    store: &mut Store,
    mut take: impl FnMut(&Row) -> Result<(), Error>,
) -> Result<u64, Error> {
    let mut count = 0;
    each(sweep, names, store, |run| {
        if run.ended.is_none() {
            return Ok(());
        }
        count += 1;
        take(&Row { point: sweep.design.point(run.point), run: &run })
    })?;
    Ok(count)
}

/// How many runs of the sweep are in the store: `12 of 18 runs`; nothing if all are.
fn incomplete(sweep: &Sweep, names: &Names, store: &Store) -> Option<String> {
    let (there, all) = (made(sweep, names, store), sweep.runs());
    (there < all).then(|| format!("{there} of {all} runs"))
}

/// What goes with the table: what was asked, how much of it is there, and by which program.
fn metadata(sweep: &Sweep, names: &Names, store: &Store) -> Vec<(&'static str, String)> {
    vec![
        ("runs", format!("{} of {}", made(sweep, names, store), sweep.runs())),
        ("program", format!("{} {}", env!("CARGO_PKG_NAME"), names.chapter.program)),
        ("sweep", sweep.name.clone()),
        (sweep.subject.words().kind, sweep.subject.name()),
        ("design", sweep.design.method.word().to_owned()),
        ("seed", sweep.subject.seed().to_string()),
    ]
}

/// Writes the tidy table as Parquet: `point`, `replicate`, every axis, every outcome shown, `cause`.
///
/// # Errors
/// The store cannot be read or the file not be written.
pub fn parquet(sweep: &Sweep, names: &Names, store: &mut Store, path: &Path) -> Result<u64, Error> {
    let failed = |error: &dyn std::fmt::Display| Error::io("write", path, error);
    let axes = &sweep.design.axes;
    let measures = &sweep.subject.words().measures;
    let mut fields = vec![
        Kind::I64.field("point", false, "", "Number of the design point, from 0."),
        Kind::I64.field("replicate", false, "", "Replicate, from 0; its seed is the same at every point."),
    ];
    for axis in axes {
        let kind = if axis.is_numeric() { Kind::F64 } else { Kind::Text };
        let unit =
            axis.paths.first().and_then(|path| sweep.subject.words().declared(path)).map_or("", |decl| decl.unit);
        fields.push(kind.field(&axis.name, false, unit, &axis.paths.join(", ")));
    }
    for place in &sweep.outcomes {
        let measure = &measures[*place];
        fields.push(Kind::F64.field(&measure.name, true, &measure.unit, &measure.meaning));
    }
    fields.push(Kind::Text.field("cause", true, "", "Why the run failed, if it did."));
    let schema = Arc::new(Schema::new(fields));
    let footer = metadata(sweep, names, store).into_iter().map(|(key, value)| KeyValue::new(key.to_owned(), value));
    let properties = WriterProperties::builder()
        .set_created_by(env!("CARGO_PKG_NAME").into())
        .set_compression(Compression::ZSTD(ZstdLevel::try_new(3).expect("zstd has a level 3")))
        .set_key_value_metadata(Some(footer.collect()))
        .build();
    let mut writer =
        ArrowWriter::try_new(Draft::create(path)?, schema.clone(), Some(properties)).map_err(|error| failed(&error))?;
    let mut batch = Batch::new(sweep);
    let count = rows(sweep, names, store, |row| {
        batch.add(sweep, row);
        if batch.rows == BATCH {
            let full = RecordBatch::try_new(schema.clone(), batch.take()).map_err(|error| failed(&error))?;
            writer.write(&full).map_err(|error| failed(&error))?;
        }
        Ok(())
    })?;
    let rest = RecordBatch::try_new(schema, batch.take()).map_err(|error| failed(&error))?;
    writer.write(&rest).map_err(|error| failed(&error))?;
    writer.into_inner().map_err(|error| failed(&error))?.finish()?;
    Ok(count)
}

/// A column of categories while it is filled.
type Words = StringDictionaryBuilder<Int32Type>;

/// Columns of a tidy table while they are filled.
struct Batch {
    rows: usize,
    keys: [Int64Builder; 2],
    numbers: Vec<Float64Builder>,
    words: Vec<Words>,
    outcomes: Vec<Float64Builder>,
    cause: Words,
    /// Whether each axis is numeric.
    numeric: Vec<bool>,
}

impl Batch {
    fn new(sweep: &Sweep) -> Self {
        let numeric: Vec<bool> = sweep.design.axes.iter().map(|axis| axis.is_numeric()).collect();
        Self {
            rows: 0,
            keys: [Int64Builder::new(), Int64Builder::new()],
            numbers: numeric.iter().map(|_| Float64Builder::new()).collect(),
            words: numeric.iter().map(|_| Words::new()).collect(),
            outcomes: sweep.outcomes.iter().map(|_| Float64Builder::new()).collect(),
            cause: Words::new(),
            numeric,
        }
    }

    fn add(&mut self, sweep: &Sweep, row: &Row) {
        self.rows += 1;
        self.keys[0].append_value(row.run.point as i64);
        self.keys[1].append_value(i64::from(row.run.replicate));
        for (i, (axis, value)) in sweep.design.axes.iter().zip(&row.point).enumerate() {
            if self.numeric[i] {
                self.numbers[i].append_value(axis.number(*value));
            } else {
                self.words[i].append_value(axis.text(*value));
            }
        }
        for (column, place) in self.outcomes.iter_mut().zip(&sweep.outcomes) {
            column.append_option(row.values().get(*place).copied().filter(|value| value.is_finite()));
        }
        self.cause.append_option(row.cause());
    }

    fn take(&mut self) -> Vec<ArrayRef> {
        self.rows = 0;
        let mut columns: Vec<ArrayRef> = self.keys.iter_mut().map(|key| Arc::new(key.finish()) as ArrayRef).collect();
        for (i, numeric) in self.numeric.iter().enumerate() {
            columns.push(if *numeric { Arc::new(self.numbers[i].finish()) } else { Arc::new(self.words[i].finish()) });
        }
        columns.extend(self.outcomes.iter_mut().map(|outcome| Arc::new(outcome.finish()) as ArrayRef));
        columns.push(Arc::new(self.cause.finish()));
        columns
    }
}

/// A number as text: the shortest digits that read back equal, nothing for one that is not defined.
fn digits(value: f64) -> String {
    if value.is_finite() { format!("{value:?}") } else { String::new() }
}

/// Writes the same table as CSV; one that lacks runs has a last column `incomplete` that says how many there are.
///
/// # Errors
/// The store cannot be read or the file not be written.
pub fn csv(sweep: &Sweep, names: &Names, store: &mut Store, path: &Path) -> Result<u64, Error> {
    let failed = |error: csv::Error| Error::io("write", path, error);
    let mut table = csv::Writer::from_writer(Draft::create(path)?);
    let measures = &sweep.subject.words().measures;
    let mut head = vec!["point".to_owned(), "replicate".to_owned()];
    head.extend(sweep.design.axes.iter().map(|axis| axis.name.clone()));
    head.extend(sweep.outcomes.iter().map(|place| measures[*place].name.clone()));
    head.push("cause".to_owned());
    let incomplete = incomplete(sweep, names, store);
    head.extend(incomplete.is_some().then(|| "incomplete".to_owned()));
    let safe = |cells: &[String]| cells.iter().map(|text| cell(text).into_owned()).collect::<Vec<_>>();
    table.write_record(safe(&head)).map_err(failed)?;
    let count = rows(sweep, names, store, |row| {
        let mut cells = vec![row.run.point.to_string(), row.run.replicate.to_string()];
        cells.extend(sweep.design.axes.iter().zip(&row.point).map(|(axis, value)| axis.text(*value)));
        let values = row.values();
        cells.extend(sweep.outcomes.iter().map(|place| digits(values.get(*place).copied().unwrap_or(f64::NAN))));
        cells.push(row.cause().unwrap_or_default().to_owned());
        cells.extend(incomplete.clone());
        table.write_record(safe(&cells)).map_err(failed)
    })?;
    let draft = table.into_inner().map_err(|error| Error::io("write", path, error.error()))?;
    draft.finish()?;
    Ok(count)
}

/// Writes the runs in the table layout of BehaviorSpace: six lines of head, the names of the columns, then a line for
/// each run with its number, the axes, the replicate, the quarter at its end, and the outcomes; failed runs are left
/// out, as BehaviorSpace has no way to say so. The date is that of no day, so that equal results are equal files.
///
/// # Errors
/// The store cannot be read or the file not be written.
pub fn behaviorspace(sweep: &Sweep, names: &Names, store: &mut Store, path: &Path) -> Result<u64, Error> {
    let mut draft = Draft::create(path)?;
    let quote = |text: &str| format!("\"{}\"", cell(text).replace('"', "\"\""));
    let line = |cells: Vec<String>| cells.iter().map(|cell| quote(cell)).collect::<Vec<_>>().join(",") + "\r\n";
    let measures = &sweep.subject.words().measures;
    let words = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect::<Vec<_>>();
    let mut head = line(words(&["BehaviorSpace results (NetLogo 6.4.0)", "Table version 2.0"]));
    head += &line(vec![format!("{} {}", env!("CARGO_PKG_NAME"), names.chapter.program)]);
    let lacking = incomplete(sweep, names, store).map_or_else(String::new, |extent| format!(" ({extent})"));
    head += &line(vec![format!("{}{lacking}", sweep.name)]);
    head += &line(words(&["01/01/1970 00:00:00:000 +0000"]));
    head += &line(words(&["min-pxcor", "max-pxcor", "min-pycor", "max-pycor"]));
    head += &line(words(&["0", "0", "0", "0"]));
    let mut columns = vec!["[run number]".to_owned()];
    columns.extend(sweep.design.axes.iter().map(|axis| axis.name.clone()));
    columns.extend(words(&["replicate", "[step]"]));
    columns.extend(sweep.outcomes.iter().map(|place| measures[*place].name.clone()));
    head += &line(columns);
    let failed = |error: std::io::Error| Error::Failed(error.to_string());
    draft.write_all(head.as_bytes()).map_err(failed)?;
    let mut number = 0;
    rows(sweep, names, store, |row| {
        if row.cause().is_some() {
            return Ok(());
        }
        number += 1;
        let mut cells = vec![number.to_string()];
        cells.extend(sweep.design.axes.iter().zip(&row.point).map(|(axis, value)| axis.text(*value)));
        cells.extend([row.run.replicate.to_string(), sweep.subject.quarters().to_string()]);
        let values = row.values();
        cells.extend(sweep.outcomes.iter().map(|place| digits(values.get(*place).copied().unwrap_or(f64::NAN))));
        draft.write_all(line(cells).as_bytes()).map_err(failed)
    })?;
    draft.finish()?;
    Ok(number)
}

/// What a sensitivity analysis found as rows: outcome, group of axes, which number, its value and its interval.
pub fn findings(sweep: &Sweep, found: &[Sensitivity]) -> Vec<Finding> {
    let measures = &sweep.subject.words().measures;
    let mut rows = Vec::new();
    for one in found {
        let outcome = &measures[sweep.outcomes[one.outcome]].name;
        let mut add = |group: &str, what: &'static str, value: f64, low: f64, high: f64| {
            rows.push(Finding { outcome: outcome.clone(), group: group.to_owned(), what, value, low, high });
        };
        let alone = f64::NAN;
        match &one.answer {
            Some(Answer::Sobol(sobol)) => {
                for index in &sobol.indices {
                    let Estimate { value, low, high } = index.first;
                    add(&index.group, "first", value, low, high);
                    let Estimate { value, low, high } = index.total;
                    add(&index.group, "total", value, low, high);
                    if let Some(clean) = index.total_less_noise {
                        add(&index.group, "total_less_noise", clean, alone, alone);
                    }
                }
                add("", "rows", sobol.rows as f64, alone, alone);
                add("", "left_out", sobol.left_out as f64, alone, alone);
            }
            Some(Answer::Morris(screening)) => {
                for effect in &screening.effects {
                    if let Some(mu) = effect.mu {
                        add(&effect.group, "mu", mu, alone, alone);
                    }
                    let Estimate { value, low, high } = effect.mu_star;
                    add(&effect.group, "mu_star", value, low, high);
                    add(&effect.group, "sigma", effect.sigma, alone, alone);
                }
                add("", "effects", screening.used as f64, alone, alone);
                add("", "left_out", screening.left_out as f64, alone, alone);
            }
            None => {}
        }
        if let Some(noise) = one.noise {
            add("", "noise", noise.share, alone, alone);
            add("", "noise_common", noise.common, alone, alone);
            add("", "noise_in_means", noise.left, alone, alone);
        }
    }
    rows
}

/// One number of a sensitivity analysis.
#[derive(Clone, Debug, PartialEq)]
pub struct Finding {
    pub outcome: String,
    /// The group of axes; "" for what concerns all.
    pub group: String,
    /// `first`, `total`, `mu_star`, `noise` …
    pub what: &'static str,
    pub value: f64,
    pub low: f64,
    pub high: f64,
}

/// Writes findings as CSV.
///
/// # Errors
/// The file cannot be written.
pub fn findings_csv(findings: &[Finding], path: &Path) -> Result<(), Error> {
    let failed = |error: csv::Error| Error::io("write", path, error);
    let mut table = csv::Writer::from_writer(Draft::create(path)?);
    table.write_record(["outcome", "axis", "what", "value", "low", "high"]).map_err(failed)?;
    for row in findings {
        let numbers = [row.value, row.low, row.high].map(digits);
        let cells = [&row.outcome, &row.group, row.what, &numbers[0], &numbers[1], &numbers[2]];
        table.write_record(cells.map(|text| cell(text).into_owned())).map_err(failed)?;
    }
    let draft = table.into_inner().map_err(|error| Error::io("write", path, error.error()))?;
    draft.finish().map(drop)
}

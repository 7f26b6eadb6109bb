//! Any bytes as a store of runs, pairs or evaluations: it is read, mended or refused, and what was mended is whole.
//!
//! Bytes that begin with an even one are the file itself; after an odd one come payloads, told apart by a byte of 10, which
//! are given the frames and checks that no chance finds, with the last byte of the file changed or cut off.
#![no_main]

use fondaco::experiment::calibrate;
use fondaco::experiment::sweep::store::{SEGMENT, Store};
use std::path::PathBuf;
use std::sync::LazyLock;

/// A folder of this process.
static FOLDER: LazyLock<PathBuf> = LazyLock::new(|| {
    let folder = std::env::temp_dir().join(format!("fondaco-fuzz-{}", std::process::id()));
    std::fs::create_dir_all(&folder).expect("a temporary folder can be made");
    folder
});

/// A record as journals frame it.
fn frame(payload: &[u8]) -> Vec<u8> {
    let length = (payload.len() as u32).to_le_bytes();
    let check = blake3::Hasher::new().update(&length).update(payload).finalize();
    [&[0xf0, 0x9f, 0x8f, 0x9b], &length[..], payload, &check.as_bytes()[..8]].concat()
}

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let Some((first, rest)) = bytes.split_first() else { return };
    let mut file = rest.to_vec();
    if first % 2 == 1 {
        let records = rest.split(|byte| *byte == 10).flat_map(frame);
        file = b"fondaco runs 1\n".iter().copied().chain(records).collect();
        match first & 6 {
            2 => drop(file.pop()),
            4 => *file.last_mut().expect("the first line is there") ^= 1,
            _ => {}
        }
    }
    // What was put aside before would only pile up.
    for old in std::fs::read_dir(&*FOLDER).expect("the folder is there").flatten() {
        let _ = std::fs::remove_file(old.path());
    }
    std::fs::write(FOLDER.join(SEGMENT), &file).expect("a temporary file can be written");
    let read = Store::read(&FOLDER).map(|(store, _)| store.ids().count());
    calibrate::EvaluationStore::rests_on(&FOLDER.join(SEGMENT));
    let Ok((mut store, _)) = Store::write(&FOLDER, true) else {
        assert!(read.is_err(), "what can be read can be mended");
        return;
    };
    let ids: Vec<_> = store.ids().copied().collect();
    assert!(read.is_err() || read.is_ok_and(|count| count == ids.len()), "mending leaves out what is whole");
    for id in &ids {
        assert!(store.get(id).is_ok_and(|run| run.is_some()), "a run that is there can be read");
    }
    drop(store);
    let again = Store::read(&FOLDER).map(|(store, _)| store.ids().count());
    assert!(again.is_ok_and(|count| count == ids.len()), "what was mended is whole");
});

//! Signals: asked once, finish what is begun and write it; asked twice, stop at once; a full file is no reason to die.

use super::inform;
use fondaco::error::Error;
use std::process;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// Exit code of an interrupted run: 128 and the number of the signal.
pub const INTERRUPTED: u8 = 130;

/// Watches for Ctrl-C (and, on Unix, for requests to end); the flag turns true at the first one.
///
/// A signal that whoever started the program has set to be ignored stays ignored: `nohup` means it.
///
/// # Errors
/// If the system refuses the watch.
pub fn watch() -> Result<Arc<AtomicBool>, Error> {
    let flag = Arc::new(AtomicBool::new(false));
    let asked = flag.clone();
    system::watch(move || {
        if again(&asked) {
            process::exit(i32::from(INTERRUPTED));
        }
        inform("\nfinishing and writing what is done; once more stops at once\n");
    })
    .map_err(|error| Error::Failed(format!("could not watch for Ctrl-C: {error}")))?;
    Ok(flag)
}

/// Makes a write beyond the largest file allowed fail with an error, where the system would end the program without a word.
pub fn survive_full_files() {
    system::survive_full_files();
}

/// Notes a request to stop; returns whether it was not the first.
fn again(asked: &AtomicBool) -> bool {
    asked.swap(true, Ordering::SeqCst)
}

#[cfg(unix)]
mod system {
    use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM, SIGXFSZ};
    use signal_hook::iterator::Signals;
    use std::sync::Arc;
    use std::sync::atomic::AtomicBool;

    /// Calls `act` at each signal that asks to stop and is not ignored already.
    pub fn watch(act: impl Fn() + Send + 'static) -> std::io::Result<()> {
        let ignored = std::fs::read_to_string("/proc/self/status").ok().and_then(|status| ignored(&status));
        // A system that does not tell what is ignored keeps its own way with the end of a terminal.
        let ignored = ignored.unwrap_or(bit(SIGHUP));
        let watched = [SIGINT, SIGTERM, SIGHUP].into_iter().filter(|signal| ignored & bit(*signal) == 0);
        let mut signals = Signals::new(watched)?;
        std::thread::Builder::new()
            .name("signals".into())
            .spawn(move || signals.forever().for_each(|_| act()))
            .map(|_| ())
    }

    pub fn survive_full_files() {
        // With a handler the write returns an error; if the system refuses it, all is as it was.
        let _ = signal_hook::flag::register(SIGXFSZ, Arc::new(AtomicBool::new(false)));
    }

    fn bit(signal: i32) -> u64 {
        1 << (signal - 1)
    }

    /// The signals that the line `SigIgn` of a process's status says are ignored, a bit each.
    fn ignored(status: &str) -> Option<u64> {
        let mask = status.lines().find_map(|line| line.strip_prefix("SigIgn:"))?;
        u64::from_str_radix(mask.trim(), 16).ok()
    }

    #[cfg(test)]
    mod tests {
        use super::*;

        #[test]
        fn what_is_ignored_is_read_off_the_status_of_the_process() {
            let mask = ignored("Name:\tfondaco\nSigIgn:\t0000000000001001\nSigCgt:\t0\n").expect("the line is there");
            assert_eq!((mask & bit(SIGHUP), mask & bit(SIGINT), mask >> 12 & 1), (1, 0, 1));
            assert_eq!(ignored("Name:\tfondaco\n"), None);
        }
    }
}

#[cfg(not(unix))]
mod system {
    pub fn watch(act: impl Fn() + Send + 'static) -> Result<(), ctrlc::Error> {
        ctrlc::set_handler(act)
    }

    pub fn survive_full_files() {}
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_request_is_noted_and_the_second_is_final() {
        let flag = watch().expect("the watch is granted");
        assert!(!flag.load(Ordering::SeqCst));
        assert!(!again(&flag));
        assert!(flag.load(Ordering::SeqCst));
        assert!(again(&flag));
    }
}

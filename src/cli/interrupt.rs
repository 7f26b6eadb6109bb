//! Ctrl-C: asked once, finish what is begun and write it; asked twice, stop at once.

use super::tell;
use fondaco::error::Error;
use std::process;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// Exit code of an interrupted run: 128 and the number of the signal.
pub const INTERRUPTED: u8 = 130;

/// Watches for Ctrl-C (and for requests to end); the flag turns true at the first one.
///
/// # Errors
/// If the system refuses the watch, or there is one already.
pub fn watch() -> Result<Arc<AtomicBool>, Error> {
    let flag = Arc::new(AtomicBool::new(false));
    let asked = flag.clone();
    ctrlc::set_handler(move || {
        if again(&asked) {
            process::exit(i32::from(INTERRUPTED));
        }
        tell("\nfinishing and writing what is done; once more stops at once\n");
    })
    .map_err(|error| Error::Failed(format!("could not watch for Ctrl-C: {error}")))?;
    Ok(flag)
}

/// Notes a request to stop; returns whether it was not the first.
fn again(asked: &AtomicBool) -> bool {
    asked.swap(true, Ordering::SeqCst)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_request_is_noted_and_the_second_is_final() {
        let flag = watch().expect("the first watch is granted");
        assert!(!flag.load(Ordering::SeqCst));
        assert!(!again(&flag));
        assert!(flag.load(Ordering::SeqCst));
        assert!(again(&flag));
        assert!(watch().is_err(), "there is one watch for a process");
    }
}

//! Lets each system call of the program fail that changes a file of the data directory, those of
//! the index included: whatever fails, what was acknowledged stays, what is listed can be
//! installed, `verify` finds nothing, and the next start succeeds.
//!
//! The short form plays two cases of each deed; the long one is
//! `TERRAKEEP_TEST_FAILING_CALLS=1000`, which is more than any deed has calls.

mod deeds;
mod plan;
mod site;

use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::Duration;

use crate::left_out::left_out;
use crate::long_form;
use deeds::{Deed, ask, check_listed, check_listed_now, check_verify, check_works};
use plan::{Failure, Fault};
use site::Site;

/// How many cases are played at once: most of the time each waits for a process or a disk.
const AT_ONCE: usize = 6;

/// The index writes by itself what it holds in memory, after half a second.
const INDEX_PAUSE: Duration = Duration::from_millis(650);

/// The files of the index.
const INDEX: &str = "/data/index/";

#[derive(Debug, Clone, Copy)]
struct Case {
    deed: Deed,
    failure: Failure,
}

impl Case {
    fn pause(self) -> Duration {
        if self.failure.only.is_empty() {
            Duration::ZERO
        } else {
            INDEX_PAUSE
        }
    }
}

/// Plays a case; the error says what does not hold.
fn play(case: Case) -> Result<(), String> {
    let mut site = Site::copy();
    if case.deed != Deed::Start && !site.start() {
        return Err("the copy does not start".to_owned());
    }
    site.plan().arm(case.failure);
    let acknowledged = ask(case.deed, &mut site, case.pause())?;
    if site.runs() {
        check_listed_now(&site).map_err(|error| format!("while it runs: {error}"))?;
    } else if !matches!(case.deed, Deed::Start | Deed::Stop) {
        return Err("the process has ended".to_owned());
    }
    let is_killed = case.failure.at.is_multiple_of(2);
    if is_killed {
        site.kill();
    } else if site.runs() {
        site.stop()?;
    }
    let first = site.plan().first();
    site.plan().disarm();
    let checked = after(&mut site, &acknowledged);
    checked.map_err(|error| {
        let end = if is_killed { "a kill" } else { "a stop" };
        format!("`{first:?}` failed, then {end}: {error} ({acknowledged:?})")
    })
}

/// Checks everything once nothing fails any more.
fn after(site: &mut Site, acknowledged: &deeds::Acknowledged) -> Result<(), String> {
    check_verify(site)?;
    if !site.start() {
        return Err("it does not start again".to_owned());
    }
    acknowledged.check(site)?;
    check_listed(site)?;
    check_works(site)?;
    if !site.stop()? {
        return Err("it does not stop cleanly".to_owned());
    }
    check_verify(site)
}

/// Returns how many calls a deed makes that a fault can meet.
fn calls(deed: Deed, only: &'static str, fault: Fault) -> u64 {
    let failure = Failure {
        at: 0,
        fault,
        lasting: false,
        only,
    };
    let case = Case { deed, failure };
    let mut site = Site::copy();
    assert!(deed == Deed::Start || site.start(), "the copy starts");
    site.plan().arm(failure);
    ask(deed, &mut site, case.pause()).expect("nothing fails");
    let seen = site.plan().seen();
    // As where the program is linked statically, and takes no library.
    assert!(seen > 0, "no call of {deed:?} is counted");
    seen
}

/// Each fault, once and lasting.
fn kinds() -> impl Iterator<Item = (Fault, bool)> {
    let lasting = |fault| [(fault, false), (fault, true)];
    Fault::ALL.into_iter().flat_map(lasting)
}

/// Returns the cases of the long form: of each deed and kind at most `most`, spread over the calls.
fn many_cases(only: &'static str, most: u64) -> Vec<Case> {
    let mut cases = Vec::new();
    for deed in Deed::ALL {
        for (fault, lasting) in kinds() {
            let calls = calls(deed, only, fault);
            let some = most.min(calls);
            cases.extend((0..some).map(|number| Case {
                deed,
                failure: Failure {
                    at: 1 + number * calls / some,
                    fault,
                    lasting,
                    only,
                },
            }));
        }
    }
    cases
}

/// Returns the cases of the short form: each deed meets two kinds, early and late among its calls.
fn few_cases(only: &'static str) -> Vec<Case> {
    let deeds = Deed::ALL.into_iter().zip(0..);
    let cases = deeds.flat_map(|(deed, nth)| {
        let kinds = kinds().skip(nth % 3).step_by(3);
        let places = [(1, 4), (3, 4)].into_iter();
        kinds
            .zip(places)
            .map(move |((fault, lasting), (part, of))| {
                let at = 1 + calls(deed, only, fault) * part / of;
                let failure = Failure {
                    at,
                    fault,
                    lasting,
                    only,
                };
                Case { deed, failure }
            })
    });
    cases.collect()
}

/// Plays cases, some at once; returns what does not hold.
fn play_all(cases: &[Case]) -> Vec<String> {
    let (next, wrong) = (AtomicUsize::new(0), Mutex::new(Vec::new()));
    thread::scope(|scope| {
        for _ in 0..AT_ONCE {
            scope.spawn(|| {
                while let Some(case) = cases.get(next.fetch_add(1, Ordering::SeqCst)) {
                    if let Err(error) = play(*case) {
                        let line = format!("{case:?}: {error}");
                        wrong.lock().expect("no panic").push(line);
                    }
                }
            });
        }
    });
    wrong.into_inner().expect("no panic")
}

fn sweep(only: &'static str) {
    if let Err(why) = plan::library() {
        return left_out("TOOLS", why);
    }
    let all = match long_form::rounds("TERRAKEEP_TEST_FAILING_CALLS", 0) {
        0 => few_cases(only),
        most => many_cases(only, most),
    };
    let wrong = play_all(&all);
    assert!(
        wrong.is_empty(),
        "{} of {} cases:\n{}",
        wrong.len(),
        all.len(),
        wrong.join("\n")
    );
}

#[test]
fn p1_whichever_call_on_a_file_fails_what_is_listed_can_be_installed() {
    sweep("");
}

#[test]
fn p1_whichever_call_on_the_index_fails_what_is_listed_can_be_installed() {
    sweep(INDEX);
}

//! When a push that was not acknowledged is tried again (P-34).

/// A second, in milliseconds.
const SECOND: i64 = 1000;
const HOUR: i64 = 3600 * SECOND;
/// The time that a push is tried before it is parked.
const MAX_AGE: i64 = 72 * HOUR;
/// The number of times that it is tried at least. 72 hours have room for more, but not where the platform was down for most of them,
/// or its clock jumped.
const MIN_TRIES: u32 = 48;

/// Returns the time of the next try, in milliseconds since 1970; `None`: it is parked as undelivered.
///
/// `tries` have been made, this one included, the first at `first`; `chance` is any number, evenly
/// distributed: it spreads the tries of many orders that failed at the same moment.
pub fn next(now: i64, first: i64, tries: u32, chance: u32) -> Option<i64> {
    let end = first.saturating_add(MAX_AGE);
    if now >= end && tries >= MIN_TRIES {
        return None;
    }
    let doubled = SECOND.checked_shl(tries.saturating_sub(1).min(30)).unwrap_or(HOUR);
    let plain = doubled.min(HOUR);
    // From four fifths to six fifths of it.
    let jitter = plain * (i64::from(chance % 401) + 800) / 1000;
    let at = now.saturating_add(jitter.clamp(SECOND, HOUR));
    Some(if now < end { at.min(end) } else { at })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Covers P-34: from 1 s doubling up to 1 h with jitter, for 72 h, then parked.
    #[test]
    fn doubles_up_to_an_hour_for_three_days() {
        let (mut now, mut tries, mut pauses) = (0, 0, Vec::new());
        loop {
            tries += 1;
            let Some(at) = next(now, 0, tries, tries * 7919) else { break };
            pauses.push(at - now);
            now = at;
        }
        assert!((1000..=1200).contains(&pauses[0]), "{pauses:?}");
        assert!((1600..=2400).contains(&pauses[1]));
        assert!((3200..=4800).contains(&pauses[2]));
        assert!(pauses.iter().all(|pause| (1..=HOUR).contains(pause)));
        assert!(pauses[14..pauses.len() - 1].iter().all(|pause| *pause >= HOUR * 4 / 5));
        assert_eq!(now, MAX_AGE);
        // Not all at the same moment.
        assert_ne!(next(0, 0, 5, 1), next(0, 0, 5, 2));
    }

    /// Covers P-34: what was hardly tried, because the platform was down or its clock jumped, is not parked yet.
    #[test]
    fn parks_nothing_that_was_hardly_tried() {
        let late = MAX_AGE + HOUR;
        for tries in [1, 12, MIN_TRIES - 1] {
            let pause = next(late, 0, tries, 7).expect("it is tried on") - late;
            assert!((1..=HOUR).contains(&pause), "{pause}");
        }
        assert_eq!(next(late, 0, MIN_TRIES, 7), None);
    }
}

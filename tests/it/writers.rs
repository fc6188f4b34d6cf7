//! Many at once: every deed is done whole, or its doer is told to try again.

use std::sync::atomic::{AtomicI64, Ordering};

use heard::access::Role;
use heard::failure::Failure;
use heard::staff::actions::{NewUser, add};
use heard::text::Name;

use crate::helpers::schedule::{import, results, row};
use crate::helpers::{PROGRAM, each_place};

#[test]
fn eight_writers_at_once_lose_nothing() {
    each_place(|place| {
        let done = AtomicI64::new(0);
        let write = |writer: u32| {
            for number in 0..50 {
                let name = Name::parse(&format!("Writer {writer} {number}")).unwrap();
                let new = NewUser {
                    name: &name,
                    email: None,
                    role: Role::Officer,
                    password_hash: None,
                    change_password: false,
                };
                match place.db.write(&PROGRAM, |ctx| add(ctx, &new)) {
                    Ok(_) => done.fetch_add(1, Ordering::Relaxed),
                    Err(Failure::Busy) => 0,
                    Err(other) => panic!("{other}"),
                };
            }
        };
        std::thread::scope(|scope| {
            (0..8).for_each(|writer| drop(scope.spawn(move || write(writer))))
        });
        let done = done.into_inner();
        assert!(done > 0);
        assert_eq!(
            (place.count("users"), place.count("audit_events")),
            (done, done)
        );
        assert!(place.access_record().is_whole());
    });
}

#[test]
fn the_same_file_from_two_sides_at_once_comes_in_once() {
    each_place(|place| {
        let rows: Vec<_> = (0..20)
            .map(|child| row("CPC-1", &format!("K{child}")))
            .collect();
        // As two instances of the program would: each with connections of its own.
        let other = place.on("2022-04-04");
        let reports = std::thread::scope(|scope| {
            let one = scope.spawn(|| import(&place.db, &rows));
            let two = scope.spawn(|| import(&other, &rows));
            [one.join().unwrap(), two.join().unwrap()]
        });
        let mut results = reports.map(|report| results(&report));
        results.sort_unstable();
        assert_eq!(results, [[0, 0, 20, 0, 0], [20, 0, 0, 0, 0]]);
        assert_eq!(
            (place.count("young_people"), place.count("referrals")),
            (20, 20)
        );
        assert!(place.access_record().is_whole());
    });
}

#[test]
fn who_reads_while_somebody_writes_sees_all_of_a_deed_or_none() {
    each_place(|place| {
        let rows: Vec<_> = (0..300)
            .map(|child| row("CPC-1", &format!("K{child}")))
            .collect();
        std::thread::scope(|scope| {
            let writer = scope.spawn(|| import(&place.db, &rows));
            while !writer.is_finished() {
                let seen = place.count("conference_children");
                assert!([0, 300].contains(&seen), "{seen}");
            }
        });
        assert_eq!(place.count("conference_children"), 300);
    });
}

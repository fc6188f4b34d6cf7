//! The placement list and the list of legal status: they arrive by the pipeline of the schedule,
//! and homes and legal status on the record follow them.

use chrono::NaiveDate;
use heard::access::Actor;
use heard::db::Db;
use heard::failure::Failure;
use heard::import::actions::{ImportFile, Incoming, Run, import, usual_source};
use heard::import::{Kind, Report};
use heard::young_people::homes::{self, Home, Place, Said};
use heard::young_people::legal::{self, Basis, Flag};
use heard::young_people::{self, Stretch};

use crate::helpers::databases::{TODAY, on_postgres};
use crate::helpers::given::{import_settings, officer, person, referrals_of};
use crate::helpers::schedule::results;
use crate::helpers::{PROGRAM, Place as Database, day, each_database, each_place};

const PLACEMENTS: &str =
    "child_ref,first_name,last_name,date_of_birth,home,provider,kind,postcode,county,from,to\n";
const STATUS: &str = "child_ref,code,from,to\n";

fn bring(db: &Db, kind: Kind, header: &str, rows: &[&str]) -> Report {
    try_bring(db, kind, header, rows, Run::Keep).unwrap()
}

fn try_bring(
    db: &Db,
    kind: Kind,
    header: &str,
    rows: &[&str],
    run: Run,
) -> Result<Report, Failure> {
    let text = format!("{header}{}\n", rows.join("\n"));
    let settings = import_settings();
    let files = [ImportFile {
        name: "list.csv".to_owned(),
        bytes: text.into_bytes(),
    }];
    let incoming = Incoming {
        kind,
        source: usual_source(kind, &settings),
        name: "list.csv",
        files: &files,
    };
    import(db, &PROGRAM, &settings, &incoming, run, &|_, _| {})
}

fn placements(db: &Db, rows: &[&str]) -> Report {
    bring(db, Kind::Placements, PLACEMENTS, rows)
}

fn statuses(db: &Db, rows: &[&str]) -> Report {
    bring(db, Kind::LegalStatus, STATUS, rows)
}

const AMINA: &str = "K1,Amina,Cole,2009-05-10,Rose House,Bright Homes,K2,le1 1aa,out,2022-01-10,";

fn homes_of(db: &Db, child_ref: &str) -> Vec<Home> {
    let id = person(db, child_ref).id;
    db.read(&PROGRAM, |ctx| homes::store::of(ctx, &id)).unwrap()
}

fn bases(db: &Db, child_ref: &str) -> Vec<(Basis, NaiveDate)> {
    let id = person(db, child_ref).id;
    let rows = db
        .read(&PROGRAM, |ctx| legal::store::history(ctx, &id))
        .unwrap();
    let standing = legal::rules::standing(&rows).into_iter();
    standing.map(|row| (row.basis, row.from)).collect()
}

#[test]
fn a_child_on_the_placement_list_is_known_with_their_home_and_without_a_referral() {
    each_database(|db| {
        let report = placements(db, &[AMINA]);
        assert_eq!(results(&report), [1, 0, 0, 0, 0]);
        let [home] = homes_of(db, "K1").try_into().unwrap();
        assert_eq!(home.said.kind, homes::Kind::ChildrensHome);
        assert!(home.said.out_of_county && !home.said.confidential);
        assert_eq!(home.said.stretch.from, day("2022-01-10"));
        let place = home.place.unwrap();
        assert_eq!(place.provider.as_deref(), Some("Bright Homes"));
        assert_eq!(place.address.as_deref(), Some("Rose House, LE1 1AA"));
        assert!(referrals_of(db, "K1").is_empty());
        // The record says where it came from.
        let id = person(db, "K1").id;
        let listed = db.read(&PROGRAM, |ctx| homes::store::listed(ctx, &id));
        assert_eq!(listed.unwrap()[&home.id], day(TODAY));
    });
}

#[test]
fn the_same_list_changes_nothing_and_a_move_ends_the_home_before() {
    each_place(|place| {
        let db = &place.db;
        placements(db, &[AMINA]);
        let before = place.count("audit_events");
        assert_eq!(results(&placements(db, &[AMINA])), [0, 0, 1, 0, 0]);
        // The import itself is one line; the record has none.
        assert_eq!(place.count("audit_events"), before + 1);
        let moved = "K1,Amina,Cole,2009-05-10,,A family,U4,,in,2022-03-01,";
        assert_eq!(results(&placements(db, &[AMINA, moved])), [1, 0, 1, 0, 0]);
        let [now, then] = homes_of(db, "K1").try_into().unwrap();
        assert_eq!(now.said.kind, homes::Kind::FosterCarers);
        assert_eq!(then.said.stretch.to, Some(day("2022-03-01")));
        // The list says later that the first ended a day before: it is the same home, changed.
        let ended = AMINA.to_owned() + "2022-02-28";
        assert_eq!(results(&placements(db, &[&ended, moved])), [0, 1, 1, 0, 0]);
        let then = homes_of(db, "K1").pop().unwrap();
        assert_eq!(then.said.stretch.to, Some(day("2022-02-28")));
        assert!(place.access_record().is_whole());
    });
}

#[test]
fn a_home_that_a_list_leaves_out_goes_on_and_is_counted() {
    each_database(|db| {
        let other = "K2,Ben,Ode,2010-01-01,Elm,Bright Homes,K2,LE2 2BB,in,2022-02-01,";
        let report = placements(db, &[AMINA, other]);
        assert_eq!(report.no_longer_listed, Some(0));
        let report = placements(db, &[other]);
        assert_eq!(report.no_longer_listed, Some(1));
        assert_eq!(homes_of(db, "K1")[0].said.stretch.to, None);
        // A last day that is still to come ends nothing yet.
        let planned = AMINA.to_owned() + "2022-05-01";
        placements(db, &[&planned, other]);
        assert_eq!(homes_of(db, "K1")[0].said.stretch.to, None);
        placements(&db_on(db, "2022-05-02"), &[&planned, other]);
        let ended = homes_of(db, "K1")[0].said.stretch.to;
        assert_eq!(ended, Some(day("2022-05-01")));
    });
}

fn db_on(db: &Db, on: &str) -> Db {
    crate::helpers::databases::open(db.address(), on)
}

#[test]
fn what_people_say_of_a_home_outlasts_the_list() {
    each_database(|db| {
        let priya = officer(db, "Priya");
        placements(db, &[AMINA]);
        let id = person(db, "K1").id;
        let [home] = homes_of(db, "K1").try_into().unwrap();
        let hidden = Said {
            confidential: true,
            ..home.said
        };
        db.write(&priya, |ctx| {
            let place = Place::default();
            let place = home.place.clone().unwrap_or(place);
            homes::actions::change(ctx, &home.id, home.version, &hidden, &place)
        })
        .unwrap();
        placements(db, &[AMINA]);
        assert!(homes_of(db, "K1")[0].said.confidential);
        // Nor does the next home give away where they are.
        let moved = "K1,Amina,Cole,2009-05-10,,A family,U4,,in,2022-03-01,";
        assert_eq!(placements(db, &[AMINA, moved]).created, 1);
        assert!(homes_of(db, "K1").iter().all(|home| home.place.is_none()));
        // A home that somebody recorded before the list named it stays one home.
        let other = "K1,Amina,Cole,2009-05-10,,Her aunt,U1,,in,2022-04-01,";
        let said = Said {
            kind: homes::Kind::FamilyOrFriends,
            confidential: false,
            out_of_county: false,
            stretch: Stretch {
                from: day("2022-04-01"),
                to: None,
            },
            in_error: false,
        };
        let typed = Place::default();
        let add = |ctx: &mut heard::ctx::Ctx<'_>| homes::actions::add(ctx, &id, &said, &typed);
        db.write(&priya, add).unwrap();
        assert_eq!(results(&placements(db, &[other])), [0, 1, 0, 0, 0]);
        assert_eq!(homes_of(db, "K1").len(), 3);
    });
}

#[test]
fn a_row_that_cannot_be_right_is_refused_with_its_column() {
    each_database(|db| {
        placements(db, &[AMINA]);
        let wrong = [
            "K1,Zoe,Hart,2015-03-03,,,K2,,,2022-03-01,",
            "K3,Cai,Lund,2010-01-01,,,Q9,,,2022-03-01,",
            "K4,Dee,Moss,2010-01-01,,,K2,,north,2022-03-01,",
            "K5,Eli,Noor,2010-01-01,,,K2,,,2022-03-01,2022-02-01",
            "K6,Fay,Oak,,,,K2,,,2022-03-01,",
            "K7,Gus,Park,2010-01-01,,,K2,,,2032-03-01,",
        ];
        let report = placements(db, &wrong);
        assert_eq!(results(&report), [0, 0, 0, 6, 0]);
        let columns: Vec<_> = report
            .problems
            .iter()
            .map(|it| it.column.as_str())
            .collect();
        assert_eq!(
            columns,
            ["child_ref", "kind", "county", "to", "date_of_birth", "from"]
        );
        assert_eq!(homes_of(db, "K1").len(), 1);
    });
}

#[test]
fn a_child_who_may_be_on_record_without_a_reference_waits_for_a_decision() {
    each_place(|place| {
        let db = &place.db;
        let described = young_people::Described {
            first_name: heard::text::Name::parse("Amina").unwrap(),
            last_name: heard::text::Name::parse("Cole").unwrap(),
            date_of_birth: Some(day("2009-05-10")),
            details: young_people::Details::default(),
            contact_warning: None,
        };
        db.write(&PROGRAM, |ctx| {
            young_people::actions::add(ctx, &described, None)
        })
        .unwrap();
        assert_eq!(results(&placements(db, &[AMINA])), [0, 0, 0, 0, 1]);
        assert_eq!(place.count("young_person_homes"), 0);
        let senior = crate::helpers::given::senior(db);
        decide_same(db, &senior);
        assert_eq!(homes_of(db, "K1").len(), 1);
        assert_eq!(place.count("young_people"), 1);
    });
}

fn decide_same(db: &Db, senior: &Actor) {
    use heard::import::review::{Answer, open, settle_identity};
    let row = db
        .read(senior, heard::import::store::waiting)
        .unwrap()
        .remove(0);
    let settings = import_settings();
    db.write(senior, |ctx| {
        let waiting = open(ctx, &settings, &row.id)?.ok_or(Failure::NotFound)?;
        let same = Answer::Same(waiting.alike[0].person.id.clone());
        settle_identity(ctx, &settings, &row.id, &same)
    })
    .unwrap();
}

#[test]
fn a_legal_status_starts_ends_and_comes_twice_without_a_trace() {
    each_database(|db| {
        placements(db, &[AMINA]);
        let list = ["K1,V2,2022-01-10,2022-02-01", "K1,C1,2022-02-01,"];
        assert_eq!(results(&statuses(db, &list)), [2, 0, 0, 0, 0]);
        let two = [
            (Basis::S20, day("2022-01-10")),
            (Basis::InterimCareOrder, day("2022-02-01")),
        ];
        assert_eq!(bases(db, "K1"), two);
        assert_eq!(results(&statuses(db, &list)), [0, 0, 2, 0, 0]);
        // A new home begins a new row of the return: the basis goes on.
        assert_eq!(
            results(&statuses(db, &["K1,C1,2022-03-01,"])),
            [0, 0, 1, 0, 0]
        );
        // They leave care, and a later list knows better.
        let left = ["K1,C1,2022-02-01,2022-03-20"];
        assert_eq!(results(&statuses(db, &left)), [0, 1, 0, 0, 0]);
        assert_eq!(bases(db, "K1")[2], (Basis::None, day("2022-03-20")));
        let stayed = ["K1,C2,2022-03-20,"];
        assert_eq!(results(&statuses(db, &stayed)), [0, 1, 0, 0, 0]);
        assert_eq!(bases(db, "K1")[2], (Basis::CareOrder, day("2022-03-20")));
    });
}

#[test]
fn what_lies_beside_the_basis_comes_by_the_same_list() {
    each_database(|db| {
        placements(db, &[AMINA]);
        let begun = ["K1,secure_accommodation,2022-02-01,"];
        assert_eq!(results(&statuses(db, &begun)), [1, 0, 0, 0, 0]);
        let ended = ["K1,secure_accommodation,2022-02-01,2022-02-20"];
        assert_eq!(results(&statuses(db, &ended)), [0, 1, 0, 0, 0]);
        assert_eq!(results(&statuses(db, &ended)), [0, 0, 1, 0, 0]);
        let id = person(db, "K1").id;
        let flags = db
            .read(&PROGRAM, |ctx| legal::store::flags(ctx, &id))
            .unwrap();
        let [flag] = flags.try_into().unwrap();
        assert_eq!(flag.what.flag, Flag::SecureAccommodation);
        assert_eq!(flag.what.stretch.to, Some(day("2022-02-20")));
        assert!(flag.what.note.unwrap().contains("legal status list"));
    });
}

#[test]
fn a_reference_that_is_nobodys_and_a_day_that_is_taken_are_refused_in_words() {
    each_database(|db| {
        placements(db, &[AMINA]);
        statuses(db, &["K1,V2,2022-01-10,"]);
        let report = statuses(
            db,
            &[
                "K9,V2,2022-01-10,",
                "K1,C2,2022-01-10,",
                "K1,X9,2022-01-10,",
            ],
        );
        assert_eq!(results(&report), [0, 0, 0, 3, 0]);
        let reasons: Vec<_> = report
            .problems
            .iter()
            .map(|it| it.reason.as_str())
            .collect();
        assert!(reasons[0].contains("placement list"), "{reasons:?}");
        assert!(reasons[1].contains("correct that line"), "{reasons:?}");
        assert!(reasons[2].starts_with("is not one of: V2"), "{reasons:?}");
        let dry = try_bring(
            db,
            Kind::LegalStatus,
            STATUS,
            &["K1,C2,2022-02-10,"],
            Run::Rehearse,
        );
        assert_eq!(dry.unwrap().created, 1);
        assert_eq!(bases(db, "K1").len(), 1);
    });
}

#[test]
fn the_command_line_takes_both_lists() {
    let all = [Some(Database::sqlite()), on_postgres()];
    for place in all.into_iter().flatten() {
        let write = |name: &str, text: String| {
            let path = place.folder.path().join(name);
            std::fs::write(&path, text).unwrap();
            path.to_str().unwrap().to_owned()
        };
        let homes = write("homes.csv", format!("{PLACEMENTS}{AMINA}\n"));
        let status = write("status.csv", format!("{STATUS}K1,C2,2022-01-10,\n"));
        for (kind, file) in [("placements", &homes), ("legal-status", &status)] {
            let args = ["import", kind, file, "--today", TODAY, "--format", "json"];
            assert_eq!(place.heard(&args).json()["created"], 1, "{kind}");
        }
        assert_eq!(
            bases(&place.db, "K1"),
            [(Basis::CareOrder, day("2022-01-10"))]
        );
    }
}

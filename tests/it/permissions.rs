//! Who may do what, printed for a manager to read: docs/permissions.md is what the program does.

use std::fmt::Write;

use heard::access::{Actor, Permission, Relationship, Role, Scope, decide};
use heard::ids::{ServiceAccountId, SessionId, UserId};

use crate::helpers::given::root;

fn may(role: Role, permission: Permission, relationship: Relationship) -> bool {
    let actor = Actor::User {
        id: UserId::random(),
        name: role.words().to_owned(),
        role,
        session: SessionId::random(),
    };
    decide(&actor, permission, relationship).allowed()
}

/// "yes", "no", or how one must stand to the record.
fn cell(role: Role, permission: Permission) -> String {
    let allowed = |it: &&Relationship| may(role, permission, **it);
    let all: Vec<_> = Relationship::ALL.iter().filter(allowed).collect();
    assert!(!all.contains(&&Relationship::Closed), "closed is closed");
    match all.len() {
        0 => "no".to_owned(),
        n if n == Relationship::ALL.len() - 1 => "yes".to_owned(),
        _ => {
            let words: Vec<_> = all.iter().map(|it| it.words().to_lowercase()).collect();
            format!("where: {}", words.join("; "))
        }
    }
}

fn printed() -> String {
    let mut text = String::from(
        "# Who may do what\n\n\
         Printed from the program by a test (`HEARD_WRITE_DOCS=1 cargo test permissions`), which \
         fails when the two differ. \"Yes\" holds for every record of the service; \"where\" names \
         how one must stand to the young person. A record that is closed to a member of staff is \
         closed to them in every role. What is denied looks like what does not exist, \
         and every look at a record is in the access record.\n\n",
    );
    let roles = Role::ALL
        .iter()
        .map(|role| role.words())
        .collect::<Vec<_>>();
    writeln!(text, "| | {} |", roles.join(" | ")).unwrap();
    writeln!(text, "|---|{}", "---|".repeat(roles.len())).unwrap();
    for permission in Permission::ALL {
        let cells: Vec<_> = Role::ALL
            .iter()
            .map(|role| cell(*role, *permission))
            .collect();
        writeln!(text, "| {} | {} |", permission.words(), cells.join(" | ")).unwrap();
    }
    writeln!(
        text,
        "\n## What other programs may do\n\nBy the scope of their account. They see no record.\n\n| Scope | May |\n|---|---|"
    )
    .unwrap();
    for scope in Scope::ALL {
        let actor = Actor::Service {
            id: ServiceAccountId::random(),
            scopes: vec![*scope],
        };
        let may: Vec<_> = Permission::ALL
            .iter()
            .filter(|it| decide(&actor, **it, Relationship::General).allowed())
            .map(|it| it.words())
            .collect();
        writeln!(text, "| `{}` | {} |", scope.code(), may.join("; ")).unwrap();
    }
    text
}

#[test]
fn the_table_of_permissions_is_the_one_in_the_documents() {
    let file = root().join("docs/permissions.md");
    if std::env::var_os("HEARD_WRITE_DOCS").is_some() {
        std::fs::write(&file, printed()).unwrap();
    }
    let kept = std::fs::read_to_string(file).unwrap_or_default();
    assert_eq!(kept, printed(), "HEARD_WRITE_DOCS=1 writes it anew");
}

#[test]
fn nobody_may_do_anything_before_signing_in() {
    for permission in Permission::ALL {
        for relationship in Relationship::ALL {
            assert!(!decide(&Actor::Nobody, *permission, *relationship).allowed());
        }
    }
}

#[test]
fn no_role_both_runs_the_service_and_reads_its_records() {
    for role in Role::ALL {
        let reads = may(*role, Permission::SeeRecord, Relationship::Team);
        let runs = [Permission::SeeUsers, Permission::SeeAccessRecord]
            .iter()
            .any(|it| may(*role, *it, Relationship::General));
        assert!(!(reads && runs), "{role:?}");
    }
}

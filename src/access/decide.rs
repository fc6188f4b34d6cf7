//! The decision itself, and nothing else.

use super::{Actor, Permission, Role, Scope};

crate::words! {
    /// How whoever acts stands to the young person whose record it is.
    pub enum Relationship {
        /// It is about nobody in particular.
        General = "general", "Nobody in particular";
        /// An officer whose case or referral it is.
        Own = "own", "Their own case or referral";
        /// A case or referral of an officer who is away, which they cover.
        Cover = "cover", "A case or referral they cover while its officer is away";
        /// A case or referral of the team.
        Team = "team", "A case or referral of the team";
        /// A record closed to this member of staff.
        Closed = "closed", "A record closed to them";
        /// A reason was stated for this record, and it has not run out.
        ReasonStated = "reason_stated", "A reason was stated for this record";
    }
}

/// The answer. What is denied looks like what does not exist.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Decision {
    Allowed,
    Denied,
}

impl Decision {
    #[must_use]
    pub fn allowed(self) -> bool {
        self == Self::Allowed
    }
}

/// May this actor do this, standing so to the young person?
#[must_use]
pub fn decide(actor: &Actor, permission: Permission, relationship: Relationship) -> Decision {
    let role = match actor {
        // The program's own work follows the rules of the concept, not those of a role.
        Actor::System(_) => return Decision::Allowed,
        Actor::Nobody => return Decision::Denied,
        Actor::Service { scopes, .. } => {
            return answer(scopes.iter().any(|scope| scope_may(*scope, permission)));
        }
        Actor::User { role, .. } => *role,
    };
    answer(role_may(role, permission, relationship))
}

fn answer(allowed: bool) -> Decision {
    if allowed {
        Decision::Allowed
    } else {
        Decision::Denied
    }
}

/// A program sees nothing of any record. What its files say of homes and of legal status changes
/// records, whoever they are closed to.
fn scope_may(scope: Scope, permission: Permission) -> bool {
    use Permission as P;
    match scope {
        Scope::ConferencesWrite => permission == P::SendConferences,
        Scope::PlacementsWrite => matches!(permission, P::SendPlacements | P::WorkRecord),
        Scope::LegalStatusWrite => matches!(permission, P::SendLegalStatus | P::WorkRecord),
        Scope::ImportsRead => permission == P::ReadOwnReceipts,
    }
}

fn role_may(role: Role, permission: Permission, relationship: Relationship) -> bool {
    use Permission as P;
    use Relationship as R;
    if relationship == R::Closed {
        return false;
    }
    match permission {
        P::OwnAccount => true,
        P::SeeCasework => matches!(role, Role::Officer | Role::SeniorOfficer),
        // An officer covers for the team.
        P::SeeRecord => match role {
            Role::Officer | Role::SeniorOfficer => true,
            Role::Manager => relationship == R::ReasonStated,
            Role::ParticipationOfficer | Role::Administrator | Role::Auditor => false,
        },
        P::WorkRecord => matches!(role, Role::Officer | Role::SeniorOfficer),
        // Who must know where somebody lives whom others must not find: whoever visits them, whoever covers for that officer, and
        // whoever answers for the officers.
        P::SeeConfidentialAddress => match role {
            Role::SeniorOfficer => true,
            Role::Officer => matches!(relationship, R::Own | R::Cover),
            _ => false,
        },
        P::StateReason => role == Role::Manager,
        P::Allocate => role == Role::SeniorOfficer,
        P::Restrict | P::MergeRecords => role == Role::SeniorOfficer,
        P::SeeImports | P::BringIn => role == Role::SeniorOfficer,
        // An officer covers for the team, and nobody who asks should wait for one person.
        P::SettleRequests => matches!(role, Role::Officer | Role::SeniorOfficer),
        P::KeepHolidays => matches!(role, Role::SeniorOfficer | Role::Administrator),
        P::EditTexts => role == Role::SeniorOfficer,
        P::SeeFigures => matches!(role, Role::Officer | Role::SeniorOfficer | Role::Manager),
        P::SeeThemes => matches!(role, Role::Officer | Role::SeniorOfficer | Role::Manager),
        P::WorkThemes => matches!(role, Role::Officer | Role::SeniorOfficer),
        // It names nobody, and everybody in the service works by it.
        P::SeePolicy => true,
        P::KeepPolicy => role == Role::SeniorOfficer,
        P::KeepLists => role == Role::SeniorOfficer,
        P::PublishCaseStudies => role == Role::SeniorOfficer,
        P::SeeUsers | P::SeeMail => role == Role::Administrator,
        P::SeeAccessRecord => role == Role::Auditor,
        P::KeepServiceAccounts => role == Role::Administrator,
        // People send files by the pages of imports.
        P::SendConferences | P::SendPlacements | P::SendLegalStatus | P::ReadOwnReceipts => false,
    }
}

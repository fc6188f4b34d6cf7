//! Roles, the permissions they may carry, and whoever acts.

use crate::ids::{ServiceAccountId, SessionId, UserId};

crate::words! {
    /// What a member of staff is to the service.
    pub enum Role {
        Officer = "officer", "Children's Rights Officer";
        SeniorOfficer = "senior_officer", "Senior Children's Rights Officer";
        ParticipationOfficer = "participation_officer", "Participation Officer";
        Manager = "manager", "Manager";
        Administrator = "administrator", "Administrator";
        Auditor = "auditor", "Auditor";
    }
}

crate::words! {
    /// What somebody may do.
    pub enum Permission {
        OwnAccount = "own_account", "Change one's own password";
        SeeCasework = "see_casework", "See lists of referrals and cases";
        SeeRecord = "see_record", "Read the record of a young person";
        WorkRecord = "work_record", "Change the record of a young person";
        SeeConfidentialAddress = "see_confidential_address", "See a confidential address";
        StateReason = "state_reason", "Open a named record by stating a reason";
        Allocate = "allocate", "Give work to an officer";
        Restrict = "restrict", "Close a record to a member of staff";
        MergeRecords = "merge_records", "Make two records of one person one, and undo it";
        SeeImports = "see_imports", "See what came in, and settle rows that wait";
        BringIn = "bring_in", "Bring files in, and mend rows that were refused";
        SettleRequests = "settle_requests", "Read and settle what comes in from outside";
        KeepHolidays = "keep_holidays", "Keep the bank holidays and the days on which the office is closed";
        EditTexts = "edit_texts", "Change the texts of letters and sheets";
        SeeFigures = "see_figures", "Read the figures";
        SeeThemes = "see_themes", "Read the themes and their numbers";
        WorkThemes = "work_themes", "Begin a theme, ask, and write down the answer";
        KeepLists = "keep_lists", "Keep the lists that forms offer";
        SeePolicy = "see_policy", "Read which conferences refer whom";
        KeepPolicy = "keep_policy", "Set which conferences refer whom, from a day on";
        PublishCaseStudies = "publish_case_studies", "Publish a case study";
        SeeUsers = "see_users", "See who has an account";
        SeeMail = "see_mail", "See which e-mails could not be sent, and try again";
        SeeAccessRecord = "see_access_record", "Read the access record";
        KeepServiceAccounts = "keep_service_accounts", "Keep the accounts of other programs";
        SendConferences = "send_conferences", "Send conference schedules as a program";
        SendPlacements = "send_placements", "Send placement lists as a program";
        SendLegalStatus = "send_legal_status", "Send legal status lists as a program";
        ReadOwnReceipts = "read_own_receipts", "Read what became of one's own files as a program";
    }
}

crate::words! {
    /// What the token of another program is good for.
    pub enum Scope {
        ConferencesWrite = "conferences:write", "Send conference schedules";
        PlacementsWrite = "placements:write", "Send placement lists";
        LegalStatusWrite = "legal_status:write", "Send legal status lists";
        ImportsRead = "imports:read", "Read its own receipts";
    }
}

/// Whoever acts: a person who signed in, or the program itself on the command line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Actor {
    User {
        id: UserId,
        name: String,
        role: Role,
        session: SessionId,
    },
    /// Another program, by the scopes of its account.
    Service {
        id: ServiceAccountId,
        scopes: Vec<Scope>,
    },
    /// The command line, or work that runs by itself. The text says which, without names.
    System(&'static str),
    /// Nobody yet: someone who is signing in.
    Nobody,
}

impl Actor {
    /// The id for the access record.
    #[must_use]
    pub fn label(&self) -> &str {
        match self {
            Self::User { id, .. } => id.as_str(),
            Self::Service { id, .. } => id.as_str(),
            Self::System(what) => what,
            Self::Nobody => "nobody",
        }
    }

    #[must_use]
    pub fn role_code(&self) -> &'static str {
        match self {
            Self::User { role, .. } => role.code(),
            Self::Service { .. } => "service",
            Self::System(_) => "system",
            Self::Nobody => "nobody",
        }
    }

    #[must_use]
    pub fn user_id(&self) -> Option<&UserId> {
        match self {
            Self::User { id, .. } => Some(id),
            Self::Service { .. } | Self::System(_) | Self::Nobody => None,
        }
    }

    #[must_use]
    pub fn role(&self) -> Option<Role> {
        match self {
            Self::User { role, .. } => Some(*role),
            Self::Service { .. } | Self::System(_) | Self::Nobody => None,
        }
    }
}

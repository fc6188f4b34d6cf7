//! The ids of everything the service keeps. They are random, so that an address gives nothing
//! away and cannot be guessed.

crate::id! {
    /// A member of staff.
    UserId,
    /// One signing-in, until it ends.
    SessionId,
    /// A young person.
    YoungPersonId,
    /// A child protection conference.
    ConferenceId,
    /// One child on one conference.
    ConferenceChildId,
    /// A request for an officer.
    ReferralId,
    /// An attempt to reach somebody about a referral.
    AttemptId,
    /// The support that follows an accepted referral.
    CaseId,
    /// One stretch of time in which a case is open.
    SpellId,
    /// An officer's time with a case.
    AllocationId,
    /// A meeting supported.
    MeetingId,
    /// One young person at one meeting.
    AttendanceId,
    /// A complaint.
    ComplaintId,
    /// One step of a complaint.
    ComplaintStepId,
    /// One import.
    BatchId,
    /// A file that somebody sent in.
    UploadId,
    /// What another system calls a column.
    ColumnNameId,
    /// One row of an import.
    ImportRowId,
    /// One change of one field.
    ChangeId,
    /// A record closed to a member of staff.
    RestrictionId,
    /// One look again at a record closed to somebody.
    RestrictionReviewId,
    /// Two records that were made one.
    MergeId,
    /// Two records that may be one person.
    LikenessId,
    /// A letter or sheet as it was given to a young person.
    DocumentId,
    /// A manager's stated reason to open a record.
    StatedReasonId,
    /// What changed for a young person.
    OutcomeId,
    /// What many cases have in common.
    ThemeId,
    /// One case under a theme.
    ThemeCaseId,
    /// One case told without saying whose it is.
    CaseStudyId,
    /// Something the check of a case study found and somebody let stand.
    LookId,
    /// From a day on, a legal basis.
    LegalStatusId,
    /// A flag beside the legal basis.
    FlagId,
    /// A stretch of living somewhere.
    HomeId,
    /// What was recorded of the address of a home.
    AddressId,
    /// A professional's time with a young person.
    ProfessionalId,
    /// What somebody is to a young person.
    RelationId,
    /// What to know before making contact.
    WarningId,
    /// How much an officer works, from a day on.
    HoursId,
    /// A time in which an officer is away.
    AbsenceId,
    /// Two young people whose wishes are opposed.
    OpposedWishId,
    /// Why one officer holds both all the same.
    OpposedReasonId,
    /// Something to be done by a day.
    TaskId,
    /// A contact: a call, a visit, a letter.
    ContactId,
    /// One piece of advocacy inside a case.
    IssueId,
    /// One stretch of time in which an issue is open.
    IssueSpellId,
    /// Somebody asks for an officer, from outside.
    RequestId,
    /// What was decided about such a request.
    RequestDecisionId,
    /// An e-mail on its way.
    EmailId,
    /// Another program that sends files.
    ServiceAccountId,
    /// What such a program shows to come in.
    ServiceTokenId,
    /// What somebody decided where conferences and referrals did not agree.
    ReconciliationId,
    /// A file of the watched folder.
    TakenFileId,
}

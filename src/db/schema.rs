//! The tables as the queries know them. One text for both engines: a test holds it against each.

diesel::table! {
    users (id) {
        id -> Text,
        email -> Nullable<Text>,
        name -> Text,
        role -> Text,
        password_hash -> Nullable<Text>,
        change_password -> Bool,
        disabled_at -> Nullable<Timestamp>,
        created_at -> Timestamp,
        version -> Integer,
    }
}

diesel::table! {
    sessions (id) {
        id -> Text,
        user_id -> Text,
        created_at -> Timestamp,
        last_seen_at -> Timestamp,
        ended_at -> Nullable<Timestamp>,
    }
}

diesel::table! {
    form_submissions (token) {
        token -> Text,
        user_id -> Text,
        location -> Text,
        sent_at -> Timestamp,
    }
}

diesel::table! {
    audit_events (seq) {
        seq -> BigInt,
        happened_at -> Timestamp,
        actor -> Text,
        actor_role -> Text,
        action -> Text,
        subject_kind -> Text,
        subject_id -> Text,
        young_person_id -> Nullable<Text>,
        details -> Text,
        previous_hash -> Text,
        hash -> Text,
    }
}

diesel::table! {
    audit_head (id) {
        id -> Integer,
        seq -> BigInt,
        hash -> Text,
        seal -> Text,
    }
}

diesel::table! {
    list_entries (list, code) {
        list -> Text,
        code -> Text,
        label -> Text,
        position -> Integer,
        retired_on -> Nullable<Date>,
        version -> Integer,
    }
}

diesel::table! {
    referral_policies (applies_from, version) {
        applies_from -> Date,
        version -> Integer,
        threshold_age -> Integer,
        upper_age -> Integer,
        younger_with_older -> Bool,
        conference_kinds -> Text,
        reason -> Text,
        set_by -> Nullable<Text>,
        set_at -> Timestamp,
    }
}

diesel::table! {
    young_people (id) {
        id -> Text,
        first_name -> Text,
        last_name -> Text,
        name_key -> Text,
        known_as -> Nullable<Text>,
        date_of_birth -> Nullable<Date>,
        gender -> Nullable<Text>,
        ethnicity -> Nullable<Text>,
        language -> Nullable<Text>,
        communication_needs -> Nullable<Text>,
        contact_warning -> Nullable<Text>,
        created_at -> Timestamp,
        version -> Integer,
        pronouns -> Nullable<Text>,
        name_said -> Nullable<Text>,
        expected_on -> Nullable<Date>,
        gender_code -> Nullable<Text>,
        ethnicity_code -> Nullable<Text>,
        interpreter -> Nullable<Bool>,
        disabilities -> Nullable<Text>,
        merged_into -> Nullable<Text>,
    }
}

diesel::table! {
    young_person_refs (source, source_ref) {
        source -> Text,
        source_ref -> Text,
        young_person_id -> Text,
    }
}

diesel::table! {
    conferences (id) {
        id -> Text,
        source -> Text,
        source_ref -> Text,
    }
}

diesel::table! {
    conference_children (id) {
        id -> Text,
        conference_id -> Text,
        child_ref -> Text,
        young_person_id -> Text,
        kind -> Text,
        held_on -> Date,
        starts_at -> Nullable<Text>,
        venue -> Nullable<Text>,
        chair -> Nullable<Text>,
        status -> Text,
        strategy_discussion_on -> Nullable<Date>,
        notified_on -> Nullable<Date>,
        carer_name -> Nullable<Text>,
        carer_relationship -> Nullable<Text>,
        carer_phone -> Nullable<Text>,
        carer_email -> Nullable<Text>,
        social_worker_name -> Nullable<Text>,
        social_worker_email -> Nullable<Text>,
        team -> Nullable<Text>,
        transferring_authority -> Nullable<Text>,
        contact_warning -> Nullable<Text>,
        fingerprint -> Text,
        created_at -> Timestamp,
        version -> Integer,
        said_status -> Nullable<Text>,
    }
}

diesel::table! {
    referrals (id) {
        id -> Text,
        young_person_id -> Text,
        stream -> Text,
        source -> Text,
        conference_child_id -> Nullable<Text>,
        external_source -> Nullable<Text>,
        external_ref -> Nullable<Text>,
        received_on -> Date,
        remit -> Nullable<Text>,
        legal_status -> Nullable<Text>,
        secure_order -> Bool,
        reason -> Nullable<Text>,
        topics -> Text,
        outcome -> Text,
        outcome_on -> Nullable<Date>,
        outcome_note -> Nullable<Text>,
        withdrawal -> Nullable<Text>,
        decision_needed -> Nullable<Text>,
        officer_id -> Nullable<Text>,
        parent_contacted_on -> Nullable<Date>,
        permission -> Nullable<Text>,
        permission_on -> Nullable<Date>,
        young_person_asked_on -> Nullable<Date>,
        answer -> Nullable<Text>,
        answer_on -> Nullable<Date>,
        fingerprint -> Nullable<Text>,
        created_at -> Timestamp,
        version -> Integer,
    }
}

diesel::table! {
    referral_attempts (id) {
        id -> Text,
        referral_id -> Text,
        made_on -> Date,
        method -> Text,
        with_whom -> Text,
        reached -> Bool,
        note -> Text,
        made_by -> Text,
        created_at -> Timestamp,
    }
}

diesel::table! {
    cases (id) {
        id -> Text,
        referral_id -> Text,
        young_person_id -> Text,
        stream -> Text,
        created_at -> Timestamp,
        version -> Integer,
    }
}

diesel::table! {
    case_spells (id) {
        id -> Text,
        case_id -> Text,
        opened_on -> Date,
        opening_note -> Nullable<Text>,
        closed_on -> Nullable<Date>,
        closure_reason -> Nullable<Text>,
        closing_note -> Nullable<Text>,
    }
}

diesel::table! {
    allocations (id) {
        id -> Text,
        case_id -> Text,
        officer_id -> Text,
        from_on -> Date,
        to_on -> Nullable<Date>,
        created_at -> Timestamp,
    }
}

diesel::table! {
    meetings (id) {
        id -> Text,
        kind -> Text,
        state -> Text,
        held_on -> Date,
        starts_at -> Nullable<Text>,
        place -> Nullable<Text>,
        online -> Bool,
        not_held_reason -> Nullable<Text>,
        created_at -> Timestamp,
        version -> Integer,
    }
}

diesel::table! {
    complaints (id) {
        id -> Text,
        referral_id -> Text,
        kind -> Text,
        procedure -> Nullable<Text>,
        stage -> Nullable<Text>,
        received_on -> Date,
        responded_on -> Nullable<Date>,
        outcome -> Nullable<Text>,
        external_source -> Nullable<Text>,
        external_ref -> Nullable<Text>,
        created_at -> Timestamp,
        matter_on -> Nullable<Date>,
        about -> Nullable<Text>,
        complained_about -> Nullable<Text>,
        advocate -> Nullable<Bool>,
        late_reason -> Nullable<Text>,
        learning -> Nullable<Text>,
        closed_on -> Nullable<Date>,
        version -> Integer,
    }
}

diesel::table! {
    field_history (id) {
        id -> Text,
        subject_kind -> Text,
        subject_id -> Text,
        young_person_id -> Text,
        field -> Text,
        before_text -> Nullable<Text>,
        after_text -> Nullable<Text>,
        changed_by -> Text,
        changed_at -> Timestamp,
    }
}

diesel::table! {
    drafts (user_id, page) {
        user_id -> Text,
        page -> Text,
        title -> Text,
        fields -> Text,
        saved_at -> Timestamp,
    }
}

diesel::table! {
    record_restrictions (id) {
        id -> Text,
        young_person_id -> Text,
        user_id -> Text,
        kind -> Text,
        reason -> Text,
        set_by -> Text,
        set_on -> Date,
        review_on -> Date,
        ended_on -> Nullable<Date>,
        ended_by -> Nullable<Text>,
        ending_note -> Nullable<Text>,
        created_at -> Timestamp,
        version -> Integer,
    }
}

diesel::table! {
    stated_reasons (id) {
        id -> Text,
        user_id -> Text,
        young_person_id -> Text,
        reason -> Text,
        stated_at -> Timestamp,
        ends_at -> Timestamp,
    }
}

diesel::table! {
    import_batches (id) {
        id -> Text,
        kind -> Text,
        file_name -> Text,
        actor -> Text,
        imported_on -> Date,
        imported_at -> Timestamp,
        row_count -> Integer,
        created -> Integer,
        updated -> Integer,
        unchanged -> Integer,
        rejected -> Integer,
        review -> Integer,
        referrals -> Integer,
        below_threshold -> Integer,
        source -> Text,
        since_preview -> Nullable<Text>,
        no_longer_listed -> Nullable<Integer>,
        has_trail -> Bool,
        undone_at -> Nullable<Timestamp>,
        undone_by -> Nullable<Text>,
        undo_reason -> Nullable<Text>,
    }
}

diesel::table! {
    import_trail (seq) {
        seq -> BigInt,
        batch_id -> Text,
        table_name -> Text,
        row_key -> Text,
        deed -> Text,
        image -> Nullable<Text>,
        worked_on -> Bool,
    }
}

diesel::table! {
    import_under_way (id) {
        id -> Integer,
        batch_id -> Nullable<Text>,
    }
}

diesel::table! {
    import_rows (id) {
        id -> Text,
        batch_id -> Text,
        file -> Text,
        row_number -> Integer,
        result -> Text,
        problems -> Nullable<Text>,
        raw -> Nullable<Text>,
        subject_id -> Nullable<Text>,
        likely_id -> Nullable<Text>,
        decided_at -> Nullable<Timestamp>,
        decision -> Nullable<Text>,
        later_on -> Nullable<Date>,
        later_note -> Nullable<Text>,
        young_person_id -> Nullable<Text>,
        settled_at -> Nullable<Timestamp>,
        changes -> Nullable<Text>,
    }
}

diesel::table! {
    likenesses (id) {
        id -> Text,
        newer_id -> Text,
        older_id -> Text,
        certainty -> Text,
        found_on -> Date,
        later_on -> Nullable<Date>,
        later_note -> Nullable<Text>,
        settled_at -> Nullable<Timestamp>,
        settled_by -> Nullable<Text>,
        version -> Integer,
    }
}

diesel::table! {
    import_uploads (id) {
        id -> Text,
        kind -> Text,
        source -> Text,
        name -> Text,
        state -> Text,
        reason -> Nullable<Text>,
        preview -> Nullable<Text>,
        batch_id -> Nullable<Text>,
        rows_done -> BigInt,
        rows_total -> BigInt,
        uploaded_by -> Text,
        uploaded_at -> Timestamp,
        alive_at -> Timestamp,
    }
}

diesel::table! {
    import_upload_files (upload_id, place) {
        upload_id -> Text,
        place -> Integer,
        name -> Text,
        bytes_in_hex -> Text,
    }
}

diesel::table! {
    import_column_names (id) {
        id -> Text,
        kind -> Text,
        source -> Text,
        header -> Text,
        column_name -> Text,
        version -> Integer,
    }
}

diesel::table! {
    contacts (id) {
        id -> Text,
        method -> Text,
        made -> Bool,
        made_on -> Date,
        with_whom -> Text,
        with_name -> Nullable<Text>,
        minutes -> Nullable<Integer>,
        note -> Nullable<Text>,
        error_reason -> Nullable<Text>,
        recorded_by -> Text,
        created_at -> Timestamp,
        version -> Integer,
    }
}

diesel::table! {
    contact_people (contact_id, case_id) {
        contact_id -> Text,
        case_id -> Text,
        young_person_id -> Text,
        note -> Nullable<Text>,
        own_words -> Nullable<Text>,
    }
}

diesel::table! {
    tasks (id) {
        id -> Text,
        officer_id -> Text,
        what -> Text,
        due_on -> Date,
        contact_id -> Nullable<Text>,
        made_by -> Text,
        created_at -> Timestamp,
        done_on -> Nullable<Date>,
        done_by -> Nullable<Text>,
        version -> Integer,
    }
}

diesel::table! {
    task_people (task_id, case_id) {
        task_id -> Text,
        case_id -> Text,
        young_person_id -> Text,
    }
}

diesel::table! {
    issues (id) {
        id -> Text,
        case_id -> Text,
        young_person_id -> Text,
        wish -> Text,
        instructed -> Bool,
        basis -> Nullable<Text>,
        asked_name -> Nullable<Text>,
        asked_role -> Nullable<Text>,
        asked_on -> Nullable<Date>,
        answered_on -> Nullable<Date>,
        space -> Nullable<Text>,
        voice -> Nullable<Text>,
        audience_name -> Nullable<Text>,
        audience_on -> Nullable<Date>,
        influence -> Nullable<Text>,
        opened_by -> Text,
        created_at -> Timestamp,
        version -> Integer,
    }
}

diesel::table! {
    issue_topics (issue_id, topic) {
        issue_id -> Text,
        topic -> Text,
    }
}

diesel::table! {
    issue_spells (id) {
        id -> Text,
        issue_id -> Text,
        number -> Integer,
        opened_on -> Date,
        opening_note -> Nullable<Text>,
        closed_on -> Nullable<Date>,
        result -> Nullable<Text>,
        how -> Nullable<Text>,
        closing_note -> Nullable<Text>,
    }
}

diesel::table! {
    complaint_steps (id) {
        id -> Text,
        complaint_id -> Text,
        step -> Text,
        done_on -> Date,
        outcome -> Nullable<Text>,
        who -> Nullable<Text>,
        note -> Nullable<Text>,
        recorded_by -> Text,
        created_at -> Timestamp,
    }
}

diesel::table! {
    bank_holidays (held_on) {
        held_on -> Date,
        title -> Text,
    }
}

diesel::table! {
    office_closures (closed_on) {
        closed_on -> Date,
        reason -> Text,
    }
}

diesel::table! {
    document_texts (kind, version) {
        kind -> Text,
        version -> Integer,
        body -> Text,
        saved_by -> Text,
        saved_at -> Timestamp,
    }
}

diesel::table! {
    documents_given (id) {
        id -> Text,
        young_person_id -> Text,
        case_id -> Text,
        kind -> Text,
        body -> Text,
        made_by -> Text,
        made_on -> Date,
        made_at -> Timestamp,
    }
}

diesel::table! {
    common_history (id) {
        id -> Text,
        subject_kind -> Text,
        subject_id -> Text,
        field -> Text,
        before_text -> Nullable<Text>,
        after_text -> Nullable<Text>,
        changed_by -> Text,
        changed_at -> Timestamp,
    }
}

diesel::table! {
    outcomes (id) {
        id -> Text,
        case_id -> Text,
        young_person_id -> Text,
        tag -> Text,
        seen_on -> Date,
        said_by -> Text,
        note -> Nullable<Text>,
        added_by -> Text,
        removed_on -> Nullable<Date>,
        created_at -> Timestamp,
        version -> Integer,
    }
}

diesel::table! {
    themes (id) {
        id -> Text,
        title -> Text,
        they_say -> Text,
        ask -> Nullable<Text>,
        asked_whom -> Nullable<Text>,
        asked_on -> Nullable<Date>,
        answer -> Nullable<Text>,
        answered_on -> Nullable<Date>,
        you_said -> Nullable<Text>,
        we_did -> Nullable<Text>,
        told_on -> Nullable<Date>,
        closed_on -> Nullable<Date>,
        closing_note -> Nullable<Text>,
        begun_by -> Text,
        begun_on -> Date,
        created_at -> Timestamp,
        version -> Integer,
    }
}

diesel::table! {
    theme_cases (id) {
        id -> Text,
        theme_id -> Text,
        case_id -> Text,
        young_person_id -> Text,
        said -> Text,
        added_by -> Text,
        added_on -> Date,
        taken_out_on -> Nullable<Date>,
        taken_out_by -> Nullable<Text>,
        created_at -> Timestamp,
    }
}

diesel::table! {
    case_studies (id) {
        id -> Text,
        case_id -> Text,
        young_person_id -> Text,
        title -> Text,
        initials -> Text,
        age_band -> Text,
        worries -> Text,
        worked_well -> Text,
        outcome -> Text,
        state -> Text,
        consent_by -> Nullable<Text>,
        consent_how -> Nullable<Text>,
        consent_for -> Nullable<Text>,
        consent_on -> Nullable<Date>,
        consent_withdrawn_on -> Nullable<Date>,
        checked_by -> Nullable<Text>,
        checked_on -> Nullable<Date>,
        published_by -> Nullable<Text>,
        published_on -> Nullable<Date>,
        published_text -> Nullable<Text>,
        withdrawn_on -> Nullable<Date>,
        withdrawn_why -> Nullable<Text>,
        written_by -> Text,
        created_at -> Timestamp,
        version -> Integer,
    }
}

diesel::table! {
    case_study_looks (id) {
        id -> Text,
        case_study_id -> Text,
        finding -> Text,
        reason -> Text,
        looked_by -> Text,
        looked_at -> Timestamp,
    }
}

diesel::table! {
    legal_statuses (id) {
        id -> Text,
        young_person_id -> Text,
        basis -> Text,
        from_on -> Date,
        note -> Nullable<Text>,
        recorded_by -> Text,
        recorded_at -> Timestamp,
        corrected_by -> Nullable<Text>,
        corrected_at -> Nullable<Timestamp>,
        correction -> Nullable<Text>,
        replaced_by -> Nullable<Text>,
    }
}

diesel::table! {
    legal_flags (id) {
        id -> Text,
        young_person_id -> Text,
        flag -> Text,
        from_on -> Date,
        to_on -> Nullable<Date>,
        note -> Nullable<Text>,
        in_error -> Bool,
        created_at -> Timestamp,
        version -> Integer,
    }
}

diesel::table! {
    young_person_homes (id) {
        id -> Text,
        young_person_id -> Text,
        kind -> Text,
        confidential -> Bool,
        out_of_county -> Bool,
        from_on -> Date,
        to_on -> Nullable<Date>,
        in_error -> Bool,
        created_at -> Timestamp,
        version -> Integer,
    }
}

diesel::table! {
    home_addresses (id) {
        id -> Text,
        young_person_id -> Text,
        home_id -> Text,
        number -> Integer,
        provider -> Nullable<Text>,
        address -> Nullable<Text>,
        recorded_by -> Text,
        recorded_at -> Timestamp,
    }
}

diesel::table! {
    young_person_professionals (id) {
        id -> Text,
        young_person_id -> Text,
        role -> Text,
        name -> Text,
        team -> Nullable<Text>,
        phone -> Nullable<Text>,
        email -> Nullable<Text>,
        from_on -> Date,
        to_on -> Nullable<Date>,
        in_error -> Bool,
        created_at -> Timestamp,
        version -> Integer,
    }
}

diesel::table! {
    young_person_relations (id) {
        id -> Text,
        young_person_id -> Text,
        pair -> Nullable<Text>,
        kind -> Text,
        name -> Nullable<Text>,
        phone -> Nullable<Text>,
        email -> Nullable<Text>,
        parental_responsibility -> Bool,
        note -> Nullable<Text>,
        in_error -> Bool,
        created_at -> Timestamp,
        version -> Integer,
    }
}

diesel::table! {
    young_person_warnings (id) {
        id -> Text,
        young_person_id -> Text,
        kind -> Text,
        words -> Text,
        review_on -> Date,
        set_by -> Text,
        set_on -> Date,
        ended_on -> Nullable<Date>,
        ended_by -> Nullable<Text>,
        ending_note -> Nullable<Text>,
        created_at -> Timestamp,
        version -> Integer,
    }
}

diesel::table! {
    meeting_attendances (id) {
        id -> Text,
        meeting_id -> Text,
        referral_id -> Text,
        conference_child_id -> Nullable<Text>,
        attendance -> Nullable<Text>,
        spoke -> Nullable<Text>,
        views -> Text,
        online -> Bool,
        seen_before_on -> Nullable<Date>,
        explained_on -> Nullable<Date>,
        not_there_reason -> Nullable<Text>,
        own_words -> Nullable<Text>,
        note -> Nullable<Text>,
        external_source -> Nullable<Text>,
        external_ref -> Nullable<Text>,
        created_at -> Timestamp,
    }
}

diesel::table! {
    calendar_feeds (user_id) {
        user_id -> Text,
        secret_hash -> Text,
        made_at -> Timestamp,
    }
}

diesel::table! {
    officer_hours (id) {
        id -> Text,
        officer_id -> Text,
        from_on -> Date,
        percent -> Integer,
        capacity -> Nullable<Integer>,
        set_by -> Text,
        created_at -> Timestamp,
    }
}

diesel::table! {
    absences (id) {
        id -> Text,
        officer_id -> Text,
        from_on -> Date,
        to_on -> Date,
        covered_by -> Nullable<Text>,
        recorded_by -> Text,
        created_at -> Timestamp,
        cancelled_at -> Nullable<Timestamp>,
        version -> Integer,
    }
}

diesel::table! {
    absence_covers (absence_id, case_id) {
        absence_id -> Text,
        case_id -> Text,
        officer_id -> Text,
    }
}

diesel::table! {
    opposed_wishes (id) {
        id -> Text,
        note -> Text,
        set_by -> Text,
        set_on -> Date,
        ended_on -> Nullable<Date>,
        ended_by -> Nullable<Text>,
        version -> Integer,
    }
}

diesel::table! {
    opposed_wish_people (opposed_wish_id, young_person_id) {
        opposed_wish_id -> Text,
        young_person_id -> Text,
    }
}

diesel::table! {
    opposed_wish_reasons (id) {
        id -> Text,
        opposed_wish_id -> Text,
        officer_id -> Text,
        reason -> Text,
        decided_by -> Text,
        decided_on -> Date,
        created_at -> Timestamp,
    }
}

diesel::table! {
    name_keys (young_person_id, kind, word) {
        young_person_id -> Text,
        kind -> Text,
        word -> Text,
        sound -> Nullable<Text>,
        other_sound -> Nullable<Text>,
        date_of_birth -> Nullable<Date>,
        name -> Text,
    }
}

diesel::table! {
    reference_keys (reference, young_person_id) {
        reference -> Text,
        young_person_id -> Text,
    }
}

diesel::table! {
    restriction_reviews (id) {
        id -> Text,
        restriction_id -> Text,
        reviewed_on -> Date,
        reviewed_by -> Text,
        decision -> Text,
        note -> Text,
        created_at -> Timestamp,
    }
}

diesel::table! {
    record_merges (id) {
        id -> Text,
        kept_id -> Text,
        merged_id -> Text,
        note -> Text,
        merged_by -> Text,
        merged_at -> Timestamp,
        undone_by -> Nullable<Text>,
        undone_at -> Nullable<Timestamp>,
        undo_note -> Nullable<Text>,
    }
}

diesel::table! {
    merge_rows (merge_id, table_name, column_name, row_key) {
        merge_id -> Text,
        table_name -> Text,
        column_name -> Text,
        row_key -> Text,
        moved -> Bool,
    }
}

diesel::table! {
    merge_values (merge_id, field) {
        merge_id -> Text,
        field -> Text,
        before_text -> Nullable<Text>,
        after_text -> Nullable<Text>,
    }
}

diesel::table! {
    requests (id) {
        id -> Text,
        reference -> Text,
        state -> Text,
        asked_by -> Text,
        source -> Text,
        received_at -> Timestamp,
        received_on -> Date,
        due_on -> Nullable<Date>,
        urgent -> Bool,
        first_name -> Text,
        last_name -> Nullable<Text>,
        age -> Nullable<Integer>,
        date_of_birth -> Nullable<Date>,
        wants -> Text,
        words -> Nullable<Text>,
        ways -> Text,
        phone -> Nullable<Text>,
        email -> Nullable<Text>,
        email_safe -> Bool,
        through -> Nullable<Text>,
        times -> Nullable<Text>,
        never -> Text,
        area -> Text,
        lives -> Nullable<Text>,
        cared_by -> Nullable<Text>,
        asker -> Nullable<Text>,
        organisation -> Nullable<Text>,
        told -> Nullable<Text>,
        needed_by -> Nullable<Date>,
        form_token -> Text,
        sent_key -> Text,
        version -> Integer,
    }
}

diesel::table! {
    request_decisions (id) {
        id -> Text,
        request_id -> Text,
        state -> Text,
        place -> Nullable<Text>,
        why -> Nullable<Text>,
        referral_id -> Nullable<Text>,
        young_person_id -> Nullable<Text>,
        decided_by -> Text,
        decided_at -> Timestamp,
    }
}

diesel::table! {
    outbox (id) {
        id -> Text,
        kind -> Text,
        recipient -> Text,
        subject -> Text,
        body -> Text,
        state -> Text,
        attempts -> Integer,
        created_at -> Timestamp,
        next_try_at -> Timestamp,
        claimed_until -> Nullable<Timestamp>,
        ended_at -> Nullable<Timestamp>,
        trouble -> Nullable<Text>,
    }
}

diesel::table! {
    service_accounts (id) {
        id -> Text,
        name -> Text,
        scopes -> Text,
        created_by -> Text,
        created_at -> Timestamp,
    }
}

diesel::table! {
    service_tokens (id) {
        id -> Text,
        account_id -> Text,
        token_hash -> Text,
        made_by -> Text,
        made_at -> Timestamp,
        expires_on -> Date,
        revoked_by -> Nullable<Text>,
        revoked_at -> Nullable<Timestamp>,
        last_used_at -> Nullable<Timestamp>,
    }
}

diesel::table! {
    api_answers (account_id, idempotency_key) {
        account_id -> Text,
        idempotency_key -> Text,
        request_hash -> Text,
        batch_id -> Text,
        answer -> Text,
        answered_at -> Timestamp,
    }
}

diesel::table! {
    listed_homes (home_id) {
        home_id -> Text,
        young_person_id -> Text,
        child_ref -> Text,
        from_on -> Date,
        fingerprint -> Text,
        listed_on -> Date,
    }
}

diesel::table! {
    taken_files (id) {
        id -> Text,
        file_name -> Text,
        kind -> Text,
        content_hash -> Text,
        taken_at -> Timestamp,
        attempts -> Integer,
        batch_id -> Nullable<Text>,
        done -> Nullable<Bool>,
        receipt -> Nullable<Text>,
    }
}

diesel::table! {
    schedule_holds (conference_child_id) {
        conference_child_id -> Text,
        batch_id -> Text,
    }
}

diesel::table! {
    schedule_files (batch_id) {
        batch_id -> Text,
        first_day -> Date,
        last_day -> Date,
        known -> Integer,
        named -> Integer,
    }
}

diesel::table! {
    reconciliations (id) {
        id -> Text,
        kind -> Text,
        young_person_id -> Text,
        conference_child_id -> Nullable<Text>,
        referral_id -> Nullable<Text>,
        why -> Text,
        facts -> Text,
        deed -> Text,
        reason -> Nullable<Text>,
        settled_by -> Text,
        settled_at -> Timestamp,
        reopened_by -> Nullable<Text>,
        reopened_at -> Nullable<Timestamp>,
    }
}

diesel::joinable!(sessions -> users (user_id));
diesel::joinable!(form_submissions -> users (user_id));
diesel::joinable!(referral_policies -> users (set_by));
diesel::joinable!(young_person_refs -> young_people (young_person_id));
diesel::joinable!(conference_children -> conferences (conference_id));
diesel::joinable!(conference_children -> young_people (young_person_id));
diesel::joinable!(referrals -> young_people (young_person_id));
diesel::joinable!(referrals -> conference_children (conference_child_id));
diesel::joinable!(referrals -> users (officer_id));
diesel::joinable!(referral_attempts -> referrals (referral_id));
diesel::joinable!(referral_attempts -> users (made_by));
diesel::joinable!(cases -> referrals (referral_id));
diesel::joinable!(cases -> young_people (young_person_id));
diesel::joinable!(case_spells -> cases (case_id));
diesel::joinable!(allocations -> cases (case_id));
diesel::joinable!(allocations -> users (officer_id));
diesel::joinable!(complaints -> referrals (referral_id));
diesel::joinable!(field_history -> young_people (young_person_id));
diesel::joinable!(drafts -> users (user_id));
diesel::joinable!(record_restrictions -> young_people (young_person_id));
diesel::joinable!(stated_reasons -> users (user_id));
diesel::joinable!(stated_reasons -> young_people (young_person_id));
diesel::joinable!(import_rows -> import_batches (batch_id));
diesel::joinable!(import_rows -> young_people (likely_id));
diesel::joinable!(import_upload_files -> import_uploads (upload_id));
diesel::joinable!(import_uploads -> users (uploaded_by));
diesel::joinable!(contact_people -> contacts (contact_id));
diesel::joinable!(contact_people -> cases (case_id));
diesel::joinable!(contact_people -> young_people (young_person_id));
diesel::joinable!(contacts -> users (recorded_by));
diesel::joinable!(task_people -> tasks (task_id));
diesel::joinable!(task_people -> young_people (young_person_id));
diesel::joinable!(tasks -> users (officer_id));
diesel::joinable!(issues -> cases (case_id));
diesel::joinable!(issue_topics -> issues (issue_id));
diesel::joinable!(issue_spells -> issues (issue_id));
diesel::joinable!(complaint_steps -> complaints (complaint_id));
diesel::joinable!(document_texts -> users (saved_by));
diesel::joinable!(documents_given -> young_people (young_person_id));
diesel::joinable!(documents_given -> cases (case_id));
diesel::joinable!(documents_given -> users (made_by));
diesel::joinable!(outcomes -> cases (case_id));
diesel::joinable!(outcomes -> young_people (young_person_id));
diesel::joinable!(theme_cases -> themes (theme_id));
diesel::joinable!(theme_cases -> cases (case_id));
diesel::joinable!(theme_cases -> young_people (young_person_id));
diesel::joinable!(case_studies -> cases (case_id));
diesel::joinable!(case_studies -> young_people (young_person_id));
diesel::joinable!(case_study_looks -> case_studies (case_study_id));
diesel::joinable!(legal_statuses -> young_people (young_person_id));
diesel::joinable!(legal_flags -> young_people (young_person_id));
diesel::joinable!(young_person_homes -> young_people (young_person_id));
diesel::joinable!(home_addresses -> young_people (young_person_id));
diesel::joinable!(young_person_professionals -> young_people (young_person_id));
diesel::joinable!(young_person_relations -> young_people (young_person_id));
diesel::joinable!(young_person_warnings -> young_people (young_person_id));
diesel::joinable!(meeting_attendances -> meetings (meeting_id));
diesel::joinable!(meeting_attendances -> referrals (referral_id));
diesel::joinable!(meeting_attendances -> conference_children (conference_child_id));
diesel::joinable!(calendar_feeds -> users (user_id));
diesel::joinable!(officer_hours -> users (officer_id));
diesel::joinable!(absences -> users (officer_id));
diesel::joinable!(absence_covers -> absences (absence_id));
diesel::joinable!(absence_covers -> cases (case_id));
diesel::joinable!(absence_covers -> users (officer_id));
diesel::joinable!(opposed_wishes -> users (set_by));
diesel::joinable!(opposed_wish_people -> opposed_wishes (opposed_wish_id));
diesel::joinable!(opposed_wish_people -> young_people (young_person_id));
diesel::joinable!(opposed_wish_reasons -> opposed_wishes (opposed_wish_id));
diesel::joinable!(opposed_wish_reasons -> users (officer_id));
diesel::joinable!(restriction_reviews -> record_restrictions (restriction_id));
diesel::joinable!(restriction_reviews -> users (reviewed_by));
diesel::joinable!(record_merges -> users (merged_by));
diesel::joinable!(request_decisions -> requests (request_id));
diesel::joinable!(request_decisions -> users (decided_by));

diesel::joinable!(service_tokens -> service_accounts (account_id));
diesel::joinable!(listed_homes -> young_person_homes (home_id));
diesel::joinable!(schedule_files -> import_batches (batch_id));
diesel::joinable!(schedule_holds -> conference_children (conference_child_id));
diesel::joinable!(schedule_holds -> import_batches (batch_id));
diesel::joinable!(reconciliations -> young_people (young_person_id));
diesel::joinable!(reconciliations -> users (settled_by));
diesel::allow_tables_to_appear_in_same_query!(
    users,
    sessions,
    form_submissions,
    audit_events,
    audit_head,
    list_entries,
    referral_policies,
    young_people,
    young_person_refs,
    conferences,
    conference_children,
    referrals,
    referral_attempts,
    cases,
    case_spells,
    allocations,
    meetings,
    complaints,
    field_history,
    drafts,
    record_restrictions,
    stated_reasons,
    import_batches,
    import_trail,
    import_under_way,
    import_rows,
    import_uploads,
    import_upload_files,
    import_column_names,
    contacts,
    contact_people,
    tasks,
    task_people,
    issues,
    issue_topics,
    issue_spells,
    complaint_steps,
    bank_holidays,
    office_closures,
    document_texts,
    documents_given,
    common_history,
    outcomes,
    themes,
    theme_cases,
    case_studies,
    case_study_looks,
    legal_statuses,
    legal_flags,
    young_person_homes,
    home_addresses,
    young_person_professionals,
    young_person_relations,
    young_person_warnings,
    meeting_attendances,
    calendar_feeds,
    officer_hours,
    absences,
    absence_covers,
    opposed_wishes,
    opposed_wish_people,
    opposed_wish_reasons,
    name_keys,
    reference_keys,
    restriction_reviews,
    record_merges,
    merge_rows,
    merge_values,
    requests,
    request_decisions,
    outbox,
    likenesses,
    service_accounts,
    service_tokens,
    api_answers,
    taken_files,
    listed_homes,
    schedule_files,
    schedule_holds,
    reconciliations,
);

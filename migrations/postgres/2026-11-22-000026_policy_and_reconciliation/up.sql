-- Which conferences refer whom: younger brothers and sisters with the older, and every setting a
-- row of its own. The latest version of a day holds; none is ever changed.

ALTER TABLE referral_policies ADD COLUMN version INTEGER NOT NULL DEFAULT 1;
ALTER TABLE referral_policies ALTER COLUMN version DROP DEFAULT;
ALTER TABLE referral_policies ADD COLUMN younger_with_older BOOLEAN NOT NULL DEFAULT FALSE;
ALTER TABLE referral_policies ALTER COLUMN younger_with_older DROP DEFAULT;
ALTER TABLE referral_policies DROP CONSTRAINT referral_policies_pkey;
ALTER TABLE referral_policies ADD PRIMARY KEY (applies_from, version);

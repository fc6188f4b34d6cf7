-- The name beside every word of it: however many share a word, the first of them are found in the
-- order of their names without reading the rest.
ALTER TABLE name_keys ADD COLUMN name TEXT COLLATE "C" NOT NULL DEFAULT '';
UPDATE name_keys SET name =
    (SELECT last_name || ' ' || first_name FROM young_people WHERE young_people.id = name_keys.young_person_id);
DROP INDEX name_keys_by_word;
DROP INDEX name_keys_by_sound;
DROP INDEX name_keys_by_other_sound;
CREATE INDEX name_keys_by_word ON name_keys (word, name, young_person_id);
CREATE INDEX name_keys_by_sound ON name_keys (sound, name, young_person_id);
CREATE INDEX name_keys_by_other_sound ON name_keys (other_sound, name, young_person_id);

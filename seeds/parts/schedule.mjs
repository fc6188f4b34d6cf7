// The example conference schedule: twelve children on five conferences, as a scheduling system would send it.
// All of them are invented for it, but one: a young person of the year's seeds who still has an open case.

import { ageOn, day, iso } from './dates.mjs';

export const SCHEDULE_COLUMNS = [
  'conference_ref', 'conference_type', 'conference_date', 'conference_time', 'venue', 'chair', 'status', 'child_ref', 'first_name',
  'last_name', 'date_of_birth', 'gender', 'ethnicity', 'language', 'communication_needs', 'carer_name', 'carer_relationship',
  'carer_phone', 'carer_email', 'social_worker_name', 'social_worker_email', 'team', 'transferring_authority',
  'strategy_discussion_date', 'notified_on', 'contact_warning',
];

const worker = (name, team) => ({
  social_worker_name: name, social_worker_email: `${name.toLowerCase().replaceAll(' ', '.')}@council.example`, team,
});
const carer = (name, relationship, phone, email = '') => ({
  carer_name: name, carer_relationship: relationship, carer_phone: phone, carer_email: email,
});

/** The young person of the seeds: a child protection case with no closing day, still under 18 at the conference. */
function childStillOpen(referrals, on) {
  return referrals.find((r) => r.stream === 'child_protection' && r.opened && !r.closed && !r.family.outside
    && r.family.children.length === 1
    && r.person.ethnicity === 'White British' && ageOn(r.person.born, on) < 18).person;
}

function conferences(known) {
  return [
    {
      conference_ref: 'CPC-2026-1187', conference_type: 'initial', conference_date: '2026-11-30', conference_time: '10:00',
      venue: 'Meeting room 2, Beacon House', chair: 'Gwen Mottram', strategy_discussion_date: '2026-11-11',
      ...carer('Leanne Tarrant', 'mother', '01632 960114', 'leanne.tarrant@family.example'), ...worker('Owen Baptiste', 'Locality team north'),
      children: [
        { child_ref: 'LCS204417', first_name: 'Keeley', last_name: 'Tarrant', date_of_birth: '2012-03-19', gender: 'female', ethnicity: 'White British', language: 'English' },
        { child_ref: 'LCS204418', first_name: 'Jenson', last_name: 'Tarrant', date_of_birth: '2014-08-02', gender: 'male', ethnicity: 'White British', language: 'English', communication_needs: 'Autistic: prefers to know the questions beforehand' },
        { child_ref: 'LCS204419', first_name: 'Ivy-Mae', last_name: 'Tarrant', date_of_birth: '2017-05-27', gender: 'female', ethnicity: 'White British', language: 'English' },
      ],
    },
    {
      conference_ref: 'CPC-2026-1192', conference_type: 'initial', conference_date: '2026-12-03', conference_time: '13:30',
      venue: 'Online', chair: 'Desmond Akers', strategy_discussion_date: '2026-11-13',
      ...carer('Sunita Rajput', 'mother', '01632 960127'), ...worker('Claire Penhale', 'Locality team south'),
      contact_warning: 'Ring the mother only on weekday mornings: the father answers this number at other times and may not know of the conference',
      children: [
        { child_ref: 'LCS204433', first_name: 'Aryan', last_name: 'Rajput', date_of_birth: '2015-12-03', gender: 'male', ethnicity: 'Indian', language: 'Gujarati' },
        { child_ref: 'LCS204434', first_name: 'Meera', last_name: 'Rajput', date_of_birth: '2013-06-14', gender: 'female', ethnicity: 'Indian', language: 'English' },
      ],
    },
    {
      conference_ref: 'CPC-2026-1198', conference_type: 'receiving_in', conference_date: '2026-12-08', conference_time: '09:30',
      venue: 'Meeting room 1, Beacon House', chair: 'Gwen Mottram', transferring_authority: 'Fenholme County Council',
      ...carer('Peter Szabó', 'father', '01632 960135', 'p.szabo@family.example'), ...worker('Owen Baptiste', 'Locality team north'),
      children: [
        { child_ref: 'LCS204461', first_name: 'Zoltán', last_name: 'Szabó', date_of_birth: '2010-10-30', gender: 'male', ethnicity: 'Any other White background', language: 'Hungarian', communication_needs: 'Interpreter' },
        { child_ref: 'LCS204462', first_name: 'Réka', last_name: 'Szabó', date_of_birth: '2014-01-22', gender: 'female', ethnicity: 'Any other White background', language: 'Hungarian' },
      ],
    },
    {
      conference_ref: 'CPC-2026-1203', conference_type: 'review', conference_date: '2026-12-11', conference_time: '14:00',
      venue: 'Larch Road family centre', chair: 'Desmond Akers',
      ...carer(`Mandy ${known.last}`, 'mother', '01632 960148'), ...worker('Femi Alderton', 'Locality team east'),
      children: [
        { child_ref: known.ref, first_name: known.first, last_name: known.last, date_of_birth: iso(known.born), gender: known.gender, ethnicity: known.ethnicity, language: 'English' },
        { child_ref: 'LCS204470', first_name: 'Bryony', last_name: known.last, date_of_birth: '2013-09-09', gender: 'female', ethnicity: known.ethnicity, language: 'English' },
      ],
    },
    {
      conference_ref: 'CPC-2026-1211', conference_type: 'initial', conference_date: '2026-12-18', conference_time: '11:15',
      venue: 'Meeting room 2, Beacon House', chair: 'Gwen Mottram', strategy_discussion_date: '2026-11-30',
      ...carer("Tanya O'Connell-Price", 'mother', '01632 960156', 'tanya.ocp@family.example'), ...worker('Claire Penhale', 'Locality team south'),
      children: [
        { child_ref: 'LCS204488', first_name: 'Rhea', last_name: "O'Connell-Price", date_of_birth: '2011-02-11', gender: 'female', ethnicity: 'White and Black Caribbean', language: 'English' },
        { child_ref: 'LCS204489', first_name: 'Dion', last_name: "O'Connell-Price", date_of_birth: '2018-07-06', gender: 'male', ethnicity: 'White and Black Caribbean', language: 'English' },
        { child_ref: 'LCS204490', first_name: 'Unborn', last_name: "O'Connell-Price", date_of_birth: '', gender: '', ethnicity: '', language: '' },
      ],
    },
  ];
}

export function exampleSchedule(referrals) {
  const known = childStillOpen(referrals, day('2026-12-11'));
  return conferences(known).flatMap(({ children, ...conference }) => children.map((child) => ({ ...conference, status: 'scheduled', ...child })));
}

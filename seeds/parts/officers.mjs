// Who took which case: brothers and sisters together, a child who comes back to the officer they know,
// everything else to whoever has most room on the day.

const OFFICERS = [
  { email: 'priya.nair@heard.example', share: 0.85 }, // the senior officer
  { email: 'marcus.adeyemi@heard.example', share: 1.05 },
  { email: 'ellen.whitcombe@heard.example', share: 1 },
  { email: 'siobhan.keating@heard.example', share: 1.1 },
  { email: 'tomasz.wilk@heard.example', share: 1 },
];

export function assignOfficers(rng, referrals) {
  const known = new Map();
  const caseload = new Map(OFFICERS.map((officer) => [officer, []]));
  const openOn = (officer, d) => caseload.get(officer).filter((c) => (c.closed ?? Infinity) > d).length;
  const withRoom = (d) => OFFICERS.reduce((best, o) => (openOn(o, d) / o.share < openOn(best, d) / best.share ? o : best));

  const accepted = referrals.filter((r) => r.outcome === 'accepted').sort((a, b) => a.opened - b.opened);
  for (const r of accepted) {
    const officer = known.get(r.person) ?? known.get(r.family) ?? withRoom(r.opened);
    known.set(r.person, officer);
    if (r.family) known.set(r.family, officer);
    caseload.get(officer).push(r);
    r.officer = officer.email;
  }
  // Offers that came to nothing keep the name of who made them, where somebody was asked at all.
  for (const r of referrals) {
    if (!r.outcome || r.outcome === 'accepted' || r.outcome === 'withdrawn') continue;
    const household = r.family ?? r.person;
    if (!known.has(household)) known.set(household, rng.pick(OFFICERS));
    r.officer = known.get(household).email;
  }
}

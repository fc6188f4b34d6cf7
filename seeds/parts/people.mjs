// Invented young people: names drawn from lists as mixed as an East Midlands county, and dates of birth
// that give a wanted age on a wanted day. Nobody here is a real person.

import { ageOn, day, iso } from './dates.mjs';

const words = (text) => text.trim().split(/\s+/);

// weight: share of families; alone: share of those who came alone; ethnicities: plain words of the DfE list.
const HERITAGES = [
  {
    name: 'british', weight: 66, ethnicities: [['White British', 1]],
    last: words(`Abbott Allsopp Ashworth Askew Bagshaw Baines Barlow Beardsley Beasley Bexon Billson Birchnall Blackwell
      Boulter Bramley Brewin Broughton Burdett Cawthorne Chadburn Chawner Clowes Coltman Cotterill Dakin
      Dexter Draycott Dunmore Eames Eggleston Elliott-Shaw Fewkes Finney Freer Frisby Garton Geary Gilliver Goddard
      Greasley Gretton Hallam Hames Harby Hextall Hickling Hollis Hubbard Insley Jarram Jelley Kendrick Kinton Kirkby
      Langham Leake Lovett Mabbutt Marlow Measures Merriman Mugglestone Needham Neal Newbold Orton Oxby Palethorpe Peberdy
      Pegg Pickard Plowright Pollard Potterton Quenby Radford Rawlins Rudkin Saxton Scrimshaw Sharman Sheldrake Shipman
      Skeffington Smalley Snodin Spriggs Squires Stanyon Storer Swain Tebbutt Thirlby Timson Underwood Varnam Vesty
      Wakerley Wardle Warrener Weston-Pell Whait Wibberley Widdowson Wormleighton Woolley Yeomans`),
    female: words(`Abigail Alice Amelia Bethany Brooke Caitlin Charlotte Chelsea Chloe Courtney Daisy Eleanor Ella Ellie
      Emily Erin Esme Eva Evie Faith Freya Georgia Grace Hannah Harriet Hollie Holly Imogen Isabelle Isla Jasmine Jessica
      Kayleigh Keira Lacey Lauren Lexi Libby Lillie Lola Lucy Lydia Maddison Maisie Martha Megan Mia Millie Mollie Morgan
      Naomi Niamh Nicole Paige Phoebe Poppy Rhiannon Rosie Ruby Scarlett Shannon Skye Summer Tia Tilly Zara Zoë`),
    male: words(`Aaron Adam Aidan Alfie Archie Ashton Bailey Ben Blake Brandon Bradley Callum Cameron Charlie Cody Connor
      Corey Dexter Dylan Edward Elliot Ethan Finley Finn Frankie Freddie George Harley Harrison Harvey Hayden Henry Isaac
      Jack Jake Jamie Jayden Joel Jordan Joshua Jude Kai Kian Kieran Kyle Leo Lewis Liam Logan Louie Luke Mason Matthew
      Max Nathan Noah Oliver Oscar Owen Reece Reuben Rhys Riley Robbie Rowan Samuel Sebastian Stanley Tyler Zachary`),
  },
  {
    name: 'irish', weight: 4, ethnicities: [['White British', 3], ['White Irish', 3], ['Traveller of Irish heritage', 1]],
    last: words("O'Driscoll O'Hagan O'Mara Doherty-Quinn McCrory Kilbride Gallaher D'Arcy-Lunn Brannigan"),
    female: words('Aoife Ciara Orla Saoirse Róisín Bríd Kathleen Margaret'),
    male: words('Cillian Eoin Pádraig Declan Seán Tiernan Martin Fionn'),
  },
  {
    name: 'indian', weight: 8, ethnicities: [['Indian', 8], ['Any other Asian background', 1]],
    last: words('Chauhan Desai Gohil Jobanputra Kotecha Mistry Modhwadia Parmar Rathod Solanki Sandhu-Gill Thakrar Vaghela'),
    female: words('Aanya Anjali Diya Hetal Ishani Kavya Mira Nisha Pooja Riya Simran Tanvi'),
    male: words('Aarav Arjun Dev Harpreet Jai Karan Kishan Milan Nikhil Rohan Sahil Veer'),
  },
  {
    name: 'pakistani', weight: 3, ethnicities: [['Pakistani', 4], ['Any other Asian background', 1]],
    last: words('Bhatti Chaudhry Hussain-Mir Mahmood Qureshi Rafiq Shafi Zaman'),
    female: words('Aisha Hafsa Iqra Laiba Mahnoor Sana Zainab'),
    male: words('Bilal Daniyal Haris Ibrahim Mustafa Umar Zayn'),
  },
  {
    name: 'bangladeshi', weight: 2, ethnicities: [['Bangladeshi', 1]],
    last: words('Begum-Ali Choudhury Miah Rahman Uddin Khanom'),
    female: words('Fahmida Nusrat Rumana Sadia Tahmina'),
    male: words('Fahim Jubair Rafi Shahin Tanvir'),
  },
  {
    name: 'somali', weight: 2, ethnicities: [['African', 1]],
    last: words('Abdi Farah Hassan-Omar Jama Warsame'),
    female: words('Amina Fadumo Hodan Ifrah Sagal'),
    male: words('Abdi-Karim Guled Liban Mahad Yusuf'),
  },
  {
    name: 'southern african', weight: 2, ethnicities: [['African', 4], ['Any other Black background', 1]],
    last: words('Chikwanda Dlamini Moyo Mutasa Sibanda'),
    female: words('Nandi Rudo Rutendo Tendai Thandi'),
    male: words('Farai Mandla Simba Tafadzwa Themba'),
  },
  {
    name: 'west african', weight: 2, ethnicities: [['African', 4], ['Any other Black background', 1]],
    last: words("Adjei Akintola M'Bala Mensah N'Diaye Nwosu"),
    female: words('Abena Chiamaka Esi Fatou Ifeoma'),
    male: words('Chidi Emeka Kofi Kwame Tunde'),
  },
  {
    name: 'caribbean', weight: 3, ethnicities: [['Caribbean', 3], ['White and Black Caribbean', 2]],
    last: words('Augustin Bartley-Reid Braithwaite Campbell-Fay Delisser Gayle Hinds Lashley Pinnock'),
    female: words('Alesha Chanté Janelle Kiara Renée Shanice Tiana'),
    male: words('Andre Darnell Jermaine Kemar Malachi Rico Tyrell'),
  },
  {
    name: 'mixed', weight: 6,
    ethnicities: [['White and Black Caribbean', 4], ['White and Black African', 2], ['White and Asian', 3], ['Any other mixed background', 2]],
    last: words("Beaumont-Okoro Carrington Cheveley D'Souza Farrell-Patel Hemsworth-Joseph Ingram Lockwood Mayhew Rowe-Singh Tranter Vickers-Obi"),
    female: words('Aaliyah Amara Ayesha Elisha Jada Kezia Leila Maya Nia Sienna Talia'),
    male: words('Caleb Elijah Isaiah Jaden Kaiden Levi Malik Nathaniel Theo Xavier Zion'),
  },
  {
    name: 'polish', weight: 2, ethnicities: [['Any other White background', 1]],
    last: words('Dąbrowska-Lis Łukasik Wójcik Zięba'),
    female: words('Alicja Julia Milena Oliwia Zofia'),
    male: words('Bartosz Dawid Filip Jakub Mateusz'),
  },
  {
    name: 'romanian', weight: 2, ethnicities: [['Any other White background', 3], ['Gypsy/Roma', 1]],
    last: words('Bălan Lungu Popescu Stoica'),
    female: words('Daria Ilinca Mădălina Raluca Sorina'),
    male: words('Andrei Cosmin Ionuț Mihai Radu'),
  },
  {
    name: 'portuguese', weight: 1, ethnicities: [['Any other White background', 1]],
    last: words('Ferreira Gonçalves Simões'),
    female: words('Beatriz Inês Leonor'),
    male: words('Nuno Tomás Vasco'),
  },
  // Young people who came alone to seek asylum: only in care, see care.mjs.
  {
    name: 'afghan', weight: 0, alone: 3, ethnicities: [['Any other Asian background', 2], ['Any other ethnic group', 1]],
    last: words('Ahmadzai Karimi Safi Zadran'),
    female: words('Parwana Shirin'),
    male: words('Farhad Hamid Nasrullah Samiullah'),
  },
  {
    name: 'kurdish', weight: 0, alone: 2, ethnicities: [['Any other ethnic group', 4], ['Information not yet obtained', 1]],
    last: words('Barzan-Karim Hawrami Saleh-Aziz'),
    female: words('Shilan Zhyan'),
    male: words('Dilshad Karwan Rebin'),
  },
  {
    name: 'eritrean', weight: 0, alone: 2, ethnicities: [['African', 1]],
    last: words('Ghebre Habte Tesfay'),
    female: words('Helen-Selam Winta'),
    male: words('Biniam Filmon Yonas'),
  },
  {
    name: 'sudanese', weight: 0, alone: 2, ethnicities: [['African', 1]],
    last: words('Idris-Adam Osman-Nour'),
    female: words('Hanan Rania'),
    male: words('Abdulrahman Mubarak Muzamil'),
  },
  {
    name: 'vietnamese', weight: 0, alone: 1, ethnicities: [['Any other Asian background', 1]],
    last: words('Đặng Trần'),
    female: words('Linh Thảo'),
    male: words('Minh Quân'),
  },
];

export class People {
  #rng;
  #lastNames = new Map();
  #fullNames = new Set();
  #nextRef = 100_208;
  everyone = [];

  constructor(rng) {
    this.#rng = rng;
  }

  /** A family's last name and background; `alone` for a young person who came to seek asylum. */
  family({ alone = false } = {}) {
    const heritage = this.#rng.weighted(HERITAGES.map((h) => [h, (alone ? h.alone : h.weight) ?? 0]));
    return { heritage, last: this.#lastName(heritage), ethnicity: this.#rng.weighted(heritage.ethnicities), alone };
  }

  // Names are dealt from a shuffled pack, so that a name comes back only when the pack is used up.
  #lastName(heritage) {
    if (!this.#lastNames.get(heritage.name)?.length) this.#lastNames.set(heritage.name, this.#rng.shuffle(heritage.last));
    return this.#lastNames.get(heritage.name).pop();
  }

  /** One young person of a family, born on the given day. */
  child(family, born) {
    const gender = this.#rng.weighted([['female', 50], ['male', 48.5], ['non-binary', 1.5]]);
    const { female, male } = family.heritage;
    const firstNames = { female, male, 'non-binary': [...female, ...male] }[gender];
    const first = this.#rng.pick(firstNames.filter((name) => !this.#fullNames.has(`${name} ${family.last}`)));
    this.#fullNames.add(`${first} ${family.last}`);
    const person = { ref: `LCS${this.#nextRef}`, first, last: family.last, born, gender, ethnicity: family.ethnicity, alone: family.alone };
    this.#nextRef += this.#rng.int(1, 9);
    this.everyone.push(person);
    return person;
  }

  /** A day of birth that makes someone `age` on `from` and still `age` on `to`. */
  bornForAge(age, from, to = from) {
    for (let tries = 0; tries < 1000; tries += 1) {
      const born = this.#birthdayBefore(from, age) - this.#rng.int(0, 364);
      if (ageOn(born, from) === age && ageOn(born, to) === age) return born;
    }
    throw new Error(`no birthday gives the age ${age}`);
  }

  #birthdayBefore(on, age) {
    const [year, monthAndDay] = [Number(iso(on).slice(0, 4)), iso(on).slice(4)];
    return day(`${year - age}${monthAndDay}`);
  }
}

//! Who a young person says they are: what they are called and how it is said, when they were born,
//! gender and ethnicity in their words beside the codes of the returns, and how to talk with them.

pub mod actions;
pub mod rules;
pub mod store;

use chrono::NaiveDate;

use crate::text::Name;

crate::words! {
    /// The return's code of gender; the young person's own word stands beside it.
    pub enum Gender {
        Female = "female", "Female";
        Male = "male", "Male";
        NotStated = "not_stated", "Not stated";
    }
}

crate::words! {
    /// The ethnicity codes of the Department for Education.
    pub enum Ethnicity {
        WhiteBritish = "WBRI", "White British";
        WhiteIrish = "WIRI", "White Irish";
        IrishTraveller = "WIRT", "Traveller of Irish heritage";
        OtherWhite = "WOTH", "Any other White background";
        GypsyRoma = "WROM", "Gypsy/Roma";
        WhiteAndBlackCaribbean = "MWBC", "White and Black Caribbean";
        WhiteAndBlackAfrican = "MWBA", "White and Black African";
        WhiteAndAsian = "MWAS", "White and Asian";
        OtherMixed = "MOTH", "Any other mixed background";
        Indian = "AIND", "Indian";
        Pakistani = "APKN", "Pakistani";
        Bangladeshi = "ABAN", "Bangladeshi";
        OtherAsian = "AOTH", "Any other Asian background";
        Caribbean = "BCRB", "Caribbean";
        African = "BAFR", "African";
        OtherBlack = "BOTH", "Any other Black background";
        Chinese = "CHNE", "Chinese";
        Other = "OOTH", "Any other ethnic group";
        Refused = "REFU", "Refused";
        NotYetObtained = "NOBT", "Information not yet obtained";
    }
}

crate::words! {
    /// The disability codes of the return.
    pub enum Disability {
        NoDisability = "NONE", "No disability";
        Mobility = "MOB", "Mobility";
        HandFunction = "HAND", "Hand function";
        PersonalCare = "PC", "Personal care";
        Incontinence = "INC", "Incontinence";
        Communication = "COMM", "Communication";
        Learning = "LD", "Learning";
        Hearing = "HEAR", "Hearing";
        Vision = "VIS", "Vision";
        Behaviour = "BEH", "Behaviour";
        Consciousness = "CON", "Consciousness";
        Autism = "AUT", "Autism or Asperger's syndrome";
        Other = "DDA", "Another disability";
    }
}

/// What is on record besides what an import may say.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct About {
    pub pronouns: Option<String>,
    pub name_said: Option<String>,
    /// For a child who is not born yet.
    pub expected_on: Option<NaiveDate>,
    pub gender: Option<Gender>,
    pub ethnicity: Option<Ethnicity>,
    pub interpreter: Option<bool>,
    /// Empty where nobody has said.
    pub disabilities: Vec<Disability>,
}

/// Name and birth, as somebody says them.
#[derive(Debug, Clone)]
pub struct NameAndBirth {
    pub first_name: Name,
    pub last_name: Name,
    pub known_as: Option<String>,
    pub pronouns: Option<String>,
    pub name_said: Option<String>,
    pub date_of_birth: Option<NaiveDate>,
    pub expected_on: Option<NaiveDate>,
}

/// Gender and ethnicity: the words, and the code of the return.
#[derive(Debug, Clone)]
pub struct Background {
    pub gender: Option<String>,
    pub gender_code: Option<Gender>,
    pub ethnicity: Option<String>,
    pub ethnicity_code: Option<Ethnicity>,
}

/// How to talk with them.
#[derive(Debug, Clone)]
pub struct Communication {
    pub language: Option<String>,
    pub interpreter: Option<bool>,
    pub needs: Option<String>,
    pub disabilities: Vec<Disability>,
}

//! Who bears a token? Whoever logs in by it, under whatever name; and nobody whom a check before the SQL user refuses.

use sqljwt::{Check, ReasonCode, Refusal};
use sqljwt_conformance::{Decision, vectors};

/// The checks that say whom the bearer may log in as.
const OF_USERS: [Check; 3] = [Check::IdentityMap, Check::User, Check::Reserved];

#[test]
fn every_vector_has_an_identity_or_the_refusal_that_comes_before_its_user() {
    let (mut known, mut unknown) = (0, 0);
    for vector in vectors() {
        let Ok(validator) = vector.validator() else { continue };
        let (token, user, now) = (&vector.row.token, &vector.row.user, vector.row.now);
        let identity = validator.identify(token, now);
        let login = validator.validate(token, user, now);
        match (&identity, &login) {
            (Ok(identity), Ok(login)) => {
                assert!(identity.principals.contains(&login.principal), "{}", vector.row.id);
                assert_eq!((&identity.key_id, &identity.roles), (&login.key_id, &login.roles), "{}", vector.row.id);
            }
            (Ok(identity), Err(Refusal::Rejected(reason))) => {
                assert!(OF_USERS.contains(&reason.code.check()), "{}: {identity:?} {reason}", vector.row.id);
            }
            (Ok(_), _) => panic!("{}: known before its keys are", vector.row.id),
            (Err(_), Ok(_)) => panic!("{}: logs in and is nobody", vector.row.id),
            (Err(one), Err(other)) => {
                let by_user = matches!(other, Refusal::Rejected(reason) if OF_USERS.contains(&reason.code.check()));
                assert!(by_user || one.to_string() == other.to_string(), "{}: {one} {other}", vector.row.id);
            }
        }
        known += usize::from(identity.is_ok());
        unknown += usize::from(identity.is_err());
        if vector.expect.decision == Decision::KeysNeeded {
            assert!(matches!(identity, Err(Refusal::KeysNeeded(_))), "{}", vector.row.id);
        }
        if let Err(Refusal::Rejected(reason)) = identity {
            assert!(!OF_USERS.contains(&reason.code.check()) && reason.code != ReasonCode::InternalError);
        }
    }
    assert!(known > 300 && unknown > 500, "{known} {unknown}");
}

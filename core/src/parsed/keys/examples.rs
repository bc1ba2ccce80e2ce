//! Signatures that both backends have to judge alike: the examples of the standards, and what forgers make of them.

use alloc::vec::Vec;

use super::{Algorithm, Algorithm::*, KeySet, Reading};
use crate::ground::base64url;

struct Example {
    /// Where it comes from, or what is wrong with it.
    what: &'static str,
    jwk: &'static str,
    algorithm: Algorithm,
    message: &'static str,
    /// In base64url.
    signature: &'static str,
    verifies: bool,
}

#[test]
fn every_example_is_judged_as_it_should_be() {
    for Example { what, jwk, algorithm, message, signature, verifies } in EXAMPLES {
        let set = KeySet::parse(jwk, Reading::Strict).unwrap();
        let key = set.entries()[0].state.as_ref().unwrap();
        let signature = base64url::decode(signature).unwrap();
        assert_eq!(key.verify(*algorithm, message.as_bytes(), &signature), *verifies, "{algorithm}: {what}");
        assert!(!key.verify(*algorithm, b"another message", &signature), "{algorithm}: {what}");
    }
}

#[test]
fn every_algorithm_has_an_example() {
    let mut verified: Vec<_> =
        EXAMPLES.iter().filter(|example| example.verifies).map(|example| example.algorithm).collect();
    verified.sort_unstable();
    verified.dedup();
    assert_eq!(verified, Algorithm::all());
}

#[test]
fn a_signature_never_verifies_as_another_algorithm_s() {
    for Example { jwk, algorithm, message, signature: text, .. } in EXAMPLES {
        let set = KeySet::parse(jwk, Reading::Strict).unwrap();
        let key = set.entries()[0].state.as_ref().unwrap();
        let signature = base64url::decode(text).unwrap();
        for other in Algorithm::all().iter().filter(|other| !algorithm.synonyms().contains(other)) {
            let genuine = EXAMPLES
                .iter()
                .any(|example| example.signature == *text && example.algorithm == *other && example.verifies);
            assert!(genuine || !key.verify(*other, message.as_bytes(), &signature), "{algorithm} as {other}");
        }
    }
}

const EXAMPLES: &[Example] = &[
    Example {
        what: "RFC 7515 A.3",
        jwk: P256,
        algorithm: ES256,
        message: ES256_MESSAGE,
        signature: "DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q",
        verifies: true,
    },
    Example {
        what: "the other s, n - s: RFC 7518 section 3.4 has no low-s rule",
        jwk: P256,
        algorithm: ES256,
        message: ES256_MESSAGE,
        signature: "DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmU69fgrc8OPGycO0lD3tat_FoFp57SETepkeks4eL_QfA",
        verifies: true,
    },
    Example {
        what: "r and s swapped",
        jwk: P256,
        algorithm: ES256,
        message: ES256_MESSAGE,
        signature: "xQoH04w8cOXY8S2vCEpUgKZlkMXyk1Cajz9_ioOjVNUO0SFTeWNsSDwvfxVYB9QCo7IoAzr5fH4XgZrDFp6mZQ",
        verifies: false,
    },
    Example {
        what: "DER instead of two numbers",
        jwk: P256,
        algorithm: ES256,
        message: ES256_MESSAGE,
        signature: "MEUCIA7RIVN5Y2xIPC9_FVgH1AKjsigDOvl8fheBmsMWnqZlAiEAxQoH04w8cOXY8S2vCEpUgKZlkMXyk1Cajz9_ioOjVNU",
        verifies: false,
    },
    Example {
        what: "each number with a leading zero",
        jwk: P256,
        algorithm: ES256,
        message: ES256_MESSAGE,
        signature: "AA7RIVN5Y2xIPC9_FVgH1AKjsigDOvl8fheBmsMWnqZlAMUKB9OMPHDl2PEtrwhKVICmZZDF8pNQmo8_f4qDo1TV",
        verifies: false,
    },
    Example {
        what: "one byte short",
        jwk: P256,
        algorithm: ES256,
        message: ES256_MESSAGE,
        signature: "DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU",
        verifies: false,
    },
    Example {
        what: "r = s = 0 (CVE-2022-21449)",
        jwk: P256,
        algorithm: ES256,
        message: ES256_MESSAGE,
        signature: "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
        verifies: false,
    },
    Example { what: "empty", jwk: P256, algorithm: ES256, message: ES256_MESSAGE, signature: "", verifies: false },
    Example {
        what: "made for this test",
        jwk: P384,
        algorithm: ES384,
        message: "message",
        signature: "Bp4iUaX7gFmLuy_HKWLs-gDcgCuh9ZTNk9KUmpXCw98yd0l397_EgKJ9w9pQB5lH9GEXrWtHyvKBWX1A1rrCQ3XrGt63CjNadg0y1ngiww\
         WjXXg9lRoqsBAh7Ucc0wEu",
        verifies: true,
    },
    Example {
        what: "over SHA-256",
        jwk: P384,
        algorithm: ES384,
        message: "message",
        signature: "_NaiomQBI8_a5WkIz80AolahvoAeFEZr2zhd-438kcT2fg4NrJcstMYJjSBjHLiYTmx65UC-cV1ea7yHzWtq5pa8D2nXmWbwlKnN3vRflL\
         YlmH0l5qQ_nH8TmWQtwtYZ",
        verifies: false,
    },
    Example {
        what: "RFC 7515 A.4",
        jwk: P521,
        algorithm: ES512,
        message: ES512_MESSAGE,
        signature: "AdwMgeerwtHoh-l192l60hp9wAHZFVJbLfD_UxMi70cwnZOYaRI1bKPWROc-mZZqwqT2SI-KGDKB34XO0aw_7XdtAG8GaSwFKdCAPZgoXD\
         2YBJZCPEX3xKpRwcdOO8KpEHwJjyqOgzDO7iKvU8vcnwNrmxYbSW9ERBXukOXolLzeO_Jn",
        verifies: true,
    },
    Example {
        what: "RFC 8037 A.4",
        jwk: ED25519,
        algorithm: EdDSA,
        message: EDDSA_MESSAGE,
        signature: "hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg",
        verifies: true,
    },
    Example {
        what: "RFC 8037 A.4, by the name of RFC 9864",
        jwk: ED25519,
        algorithm: Ed25519,
        message: EDDSA_MESSAGE,
        signature: "hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg",
        verifies: true,
    },
    Example {
        what: "S + L",
        jwk: ED25519,
        algorithm: EdDSA,
        message: EDDSA_MESSAGE,
        signature: "hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6KLa6_pyZkOh9Vg8wkiO1VhVsPt9g7sVvpAr_MuM0KEg",
        verifies: false,
    },
    Example {
        what: "one byte more",
        jwk: ED25519,
        algorithm: EdDSA,
        message: EDDSA_MESSAGE,
        signature: "hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAgA",
        verifies: false,
    },
    Example { what: "empty", jwk: ED25519, algorithm: EdDSA, message: EDDSA_MESSAGE, signature: "", verifies: false },
    Example {
        what: "R of small order, the equation holds",
        jwk: ED25519,
        algorithm: EdDSA,
        message: EDDSA_MESSAGE,
        signature: "AQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAARSB3Qh0XXPsHns-7iMllhXfpnzaMxcXb5RwiiIijrCw",
        verifies: false,
    },
    Example {
        what: "R of small order, the equation holds, by the other name",
        jwk: ED25519,
        algorithm: Ed25519,
        message: EDDSA_MESSAGE,
        signature: "AQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAARSB3Qh0XXPsHns-7iMllhXfpnzaMxcXb5RwiiIijrCw",
        verifies: false,
    },
    Example {
        what: "a key that is no point of the curve",
        jwk: ED25519_NO_POINT,
        algorithm: EdDSA,
        message: EDDSA_MESSAGE,
        signature: "hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg",
        verifies: false,
    },
    Example {
        what: "RFC 7515 A.2",
        jwk: RSA_PUBLISHED,
        algorithm: RS256,
        message: RS256_MESSAGE,
        signature: "cC4hiUPoj9Eetdgtv3hF80EGrhuB__dzERat0XF9g2VtQgr9PJbu3XOiZj5RZmh7AAuHIm4Bh-0Qc_lF5YKt_O8W2Fp5jujGbds9uJdbF9\
         CUAr7t1dnZcAcQjbKBYNX4BAynRFdiuB--f_nZLgrnbyTyWzO75vRK5h6xBArLIARNPvkSjtQBMHlb1L07Qe7K0GarZRmB_eSN9383LcOL\
         n6_dO--xi12jzDwusC-eOkHWEsqtFZESc6BfI7noOPqvhJ1phCnvWh6IeYI2w9QOYEUipUTI8np6LbgGY9Fs98rqVt5AXLIhWkWywlVmtV\
         rBp0igcN_IoypGlUPQGe77Rw",
        verifies: true,
    },
    Example {
        what: "made for this test",
        jwk: RSA,
        algorithm: RS256,
        message: "message",
        signature: "FG2yFB3W4ulzqLgAMgb59MGfGY-QRX_dgXD1d8XL8qUuio5hHu0nCxY8YbShAGPxZrTyqRnq49j3DAnAYAk0VAS6DkmdunHFtCwLNVD0bf\
         Nt66hr1PvdUDidKpa_94P0m_-ANKOrf7XuLBvbaILicQsl1EiT--Xk84dA3pWX4Vt06HQrnra4rlGj2yqD3qQOichHQFwDXYPSfHm13QUn\
         dWmAb2lr0B4AVA2Yl_fnOM6WLQSxcQADUkQTY_6D6_1x5pe0RrSpq0ZnBjQ1QtdMmqFOhL_Y5290DHW8KK1bapjS7UJg5bbGwOHf3qKZ18\
         nEbRFA8KW1T-yrdZbjnTnl8w",
        verifies: true,
    },
    Example {
        what: "PKCS #1 v1.5 as PSS",
        jwk: RSA,
        algorithm: PS256,
        message: "message",
        signature: "FG2yFB3W4ulzqLgAMgb59MGfGY-QRX_dgXD1d8XL8qUuio5hHu0nCxY8YbShAGPxZrTyqRnq49j3DAnAYAk0VAS6DkmdunHFtCwLNVD0bf\
         Nt66hr1PvdUDidKpa_94P0m_-ANKOrf7XuLBvbaILicQsl1EiT--Xk84dA3pWX4Vt06HQrnra4rlGj2yqD3qQOichHQFwDXYPSfHm13QUn\
         dWmAb2lr0B4AVA2Yl_fnOM6WLQSxcQADUkQTY_6D6_1x5pe0RrSpq0ZnBjQ1QtdMmqFOhL_Y5290DHW8KK1bapjS7UJg5bbGwOHf3qKZ18\
         nEbRFA8KW1T-yrdZbjnTnl8w",
        verifies: false,
    },
    Example {
        what: "one byte short",
        jwk: RSA,
        algorithm: RS256,
        message: "message",
        signature: "FG2yFB3W4ulzqLgAMgb59MGfGY-QRX_dgXD1d8XL8qUuio5hHu0nCxY8YbShAGPxZrTyqRnq49j3DAnAYAk0VAS6DkmdunHFtCwLNVD0bf\
         Nt66hr1PvdUDidKpa_94P0m_-ANKOrf7XuLBvbaILicQsl1EiT--Xk84dA3pWX4Vt06HQrnra4rlGj2yqD3qQOichHQFwDXYPSfHm13QUn\
         dWmAb2lr0B4AVA2Yl_fnOM6WLQSxcQADUkQTY_6D6_1x5pe0RrSpq0ZnBjQ1QtdMmqFOhL_Y5290DHW8KK1bapjS7UJg5bbGwOHf3qKZ18\
         nEbRFA8KW1T-yrdZbjnTnl",
        verifies: false,
    },
    Example {
        what: "one byte more in front",
        jwk: RSA,
        algorithm: RS256,
        message: "message",
        signature: "ABRtshQd1uLpc6i4ADIG-fTBnxmPkEV_3YFw9XfFy_KlLoqOYR7tJwsWPGG0oQBj8Wa08qkZ6uPY9wwJwGAJNFQEug5JnbpxxbQsCzVQ9G\
         3zbeuoa9T73VA4nSqWv_eD9Jv_gDSjq3-17iwb22iC4nELJdRIk_vl5POHQN6Vl-FbdOh0K562uK5Ro9sqg96kDonIR0BcA12D0nx5td0F\
         J3VpgG9pa9AeAFQNmJf35zjOli0EsXEAA1JEE2P-g-v9ceaXtEa0qatGZwY0NULXTJqhToS_2OdvdAx1vCitW2qY0u1CYOW2xsDh396imd\
         fJxG0RQPCltU_sq3WW45055fM",
        verifies: false,
    },
    Example {
        what: "made for this test",
        jwk: RSA,
        algorithm: PS256,
        message: "message",
        signature: "q0YyfA1C3nNifMIPGw2qUsuvoC80oiEGzMMfKbQkDQrQu-HCmbDO5hy56FOOLPQjPVcPwnbW0-mPksuTH3ykSSQzf9lhni51gj0I5CB8B0\
         5UIcyUEUS39grv3hecEzFHqtpdBJFxXOuYuxaUj0RqMB_N_9uLbbo_91q0-aV8xYGBF9wOKAF-Gwl8hoZX8DeoH0EE127zvkaUF3phDCaz\
         wNuUIFeGxQ1x6FvQQdTNSBx5yzqRNzY0aUYWkT6MwttMQcJKAraVY4RXH8V4QWziWJcfKZXQM4pQOyzELatiGlv7jJoNgcu7izicoeZ5rx\
         iU9pH_aOS3Gu3ry_X-a0AbBw",
        verifies: true,
    },
    Example {
        what: "made for this test",
        jwk: RSA,
        algorithm: RS384,
        message: "message",
        signature: "O0GeKgKmQmqxv8iU5bWr7b6NgepujAnDzW69utjWObu9JNidzYM36n1H7amsxk0UqLIJcGzppBvynpwdeGaba3wFmWpZzEP36fG-r06Jaz\
         x4lRM0u--fmOt_8X_w_0vqNOeQRLRlonDLWcMsGKjKLUlTjlk9lAD7F3hLxKuFzGpIAglXPV6fv_AoZmxnYFNfXlH3i5vkJ3gZbCjXWLF0\
         nJtOUM8NzG3D5kCO_4nt2tWpJELMBsFfPkDNG3QeARO8Mpq75a_GK0E45iJJS-4X60gBkfVyzRdNZkMhvEDWJ0hIMeEQOZ6msx2WwRLsr0\
         8mR2Sj_tFysiF8hHyc639tuQ",
        verifies: true,
    },
    Example {
        what: "made for this test",
        jwk: RSA,
        algorithm: PS384,
        message: "message",
        signature: "D2D-Jqnnb9Tp3kKUaCEBozG0lpHMxL8F9v-tp2ESzWNnOlly_7ARSJsk2WxT3aKHXEweYV3NNQpIIX8AyziMtk6bt3qJ7pV4ChJ7rM6mLG\
         XP5YYVAxnqY6IFRTS-khYbx9Z4zfXagK4VBVeCY8TojdCUQqgqIHGvnjfOC0wRWQV16ys92LQc6iBlQsgrxFN8rnr_mzjAFUG6-AbV9QnK\
         KaEKDARUSmmp4ghJPs96lltNd-s0YVVpGb0q9R55bIafwhH7A3yPeV_R6SD_VmfgeslX9mXgjwIrMBbdmB0nQuy6qmSV4GEGFSdJftC7yH\
         4LlDZ4QUvSyqtEokkmEAVDtQ",
        verifies: true,
    },
    Example {
        what: "made for this test",
        jwk: RSA,
        algorithm: RS512,
        message: "message",
        signature: "w3XV507OO4qIlcI3g5Ac8CgiAALx31tCLJNbbgubJhKc34LSXu_cgD7eoHxogajJ-bXZE7IuMeMVjbAxYNJwsfyqCkg5F_OICuc_zHRhSR\
         bEGoDkhdNswQy9d1QqPC_X94Ce0Fi7RxvVgW3AjUyZ-PnnnIOGVFyDQ_icyqlxUa8FsVpFxVk90LTV2qoqMaP3gJQ9IYmEjju6Xb3spw0l\
         BHSWwNarRPJZc1eyIwghMjFoboikcyeiXi3q8OE22cvikqQSdJ_JzTBTrWNZZAd34LY04damvJ6pOqRTxWJgyGRVtYPZqEPefHiqvtee2m\
         AdlsaFPmkQMOuIASM9T79uXA",
        verifies: true,
    },
    Example {
        what: "made for this test",
        jwk: RSA,
        algorithm: PS512,
        message: "message",
        signature: "Nt_m_B_FtGTyGdmgDkB-k5-1VgatTElse7kZKrfKLlse8sBQl8PQByaZ1v0vpidk6-IbWSNYH_PNbTFdf5VolR3UobdAmKmIl2HUGBdNBf\
         BkjCuVDWhNMV-GHBLWXu1uWMg6WV_4_1H9sx7Lg5xl7z8NxmXoVSqm06cktJ986G_bCpQH4OEiCZDF9YRdb8Z8tLSJ6E0siZrESlrLtRkF\
         NRvl-RZUGRiEt_Jffq0R0rfvuBtpIzwSjgUnZ7RWzeZ7wKBsxtKqXUk2ybAAckxjfvgD1QDFkMijHkIDK2hyIAy_4LaooU0J1YwV7kOhP0\
         Vfvd2qrumc0wf-4dS0glgLXg",
        verifies: true,
    },
    Example {
        what: "no salt",
        jwk: RSA,
        algorithm: PS256,
        message: "message",
        signature: "bjR45C7Biso290vPejYL_HmscVdCk2h0nF16L5MCtkC6nSNKagVsXfRQGFUyU6b2N2BSNMApz7fa0gPKY3lL41SKsqpJm9jitmSSOF1kxs\
         qcZOBaTgetuPV2sLiM9h5lVavZ0hAgGYbf4mdFDI7o-WdzP-XdKo5nhbn0z-RguwY199QsVpP19XH4SBJ25JyZjRBZ-eHzw5BcHD_uql3g\
         w88rQ7ccW04xTNMIwX-9E78CV9OMjpzsy2DfO3wFX_x2_of7ez8Xyqu4ADEtKKNCXfpD1KrKz4cSMn3E2etqVqpieNH_N6S1F3OIc6h16i\
         BNjdj0GXIrMGTAkTsaYXuI9w",
        verifies: false,
    },
    Example {
        what: "a salt of 31 bytes",
        jwk: RSA,
        algorithm: PS256,
        message: "message",
        signature: "QBVkTcR4bldxudOjcufmYVaW3rwob6QuPYk5zpVULc717rGf50hFHdektykup4MlWX2gcB1JhkxK0B2NMkQNDLEmMsOhBeWBqZmNHilDGN\
         FvIhJPPjyYZ2Swv11IEndpUkBT0y4OIK0OGKPoBVaUZ9XoOEF63IrUv45dPA_FlOFZGkR596PXTmo5LLY2d_xNdS8tAZe07eYg9mV5uG5a\
         rKsx0xlPOUce4wvxW8dDpSjW5drlFCwPWCGJhvc6xy-3G4xy5ITvg0zLDBgC6Wi5jPVZS6_-U6Mtk6WoQw3CtXmoTVnE2MedxXzGbTPI37\
         kBf18yfj3FOWwFEpKASn2g_Q",
        verifies: false,
    },
    Example {
        what: "as much salt as fits",
        jwk: RSA,
        algorithm: PS256,
        message: "message",
        signature: "j2B9KZUbJ_VLqQ8uDKJb-djp5SHfi_GufH7CGdPHHXj9zNZ1iB7Ar4FQxiH098r0rnwZqAE2wUfZY5GUTVieZ9ATYQoKbLlE9TKy5fiVC3\
         j9VU3VwptF1qmQwk-PtSFeo0JHZhvgYfQzi3EkCqNbbAybmuDFNP8m6Fi-SkdhJroBNOgn1ZIypB3URsnRJ00MEpdz0-5rA7dcMpF3yx5L\
         7_gES6KQB_OXyMsRRf2TAUoFkLFxxNr4BevD1USZ81N0Uvpm403oafxx779IItdfeJ8zG2Vw063GjlLvIdYKgCvc7PgprtzaU01zdQrueH\
         XxbTIHTpphmzEaSIwi4fXzMw",
        verifies: false,
    },
];

/// RFC 7515 A.3.
pub(super) const P256: &str = "{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU\",\"y\":\"x_FEzRu9m36HLN_tue\
 659LNpXW6pCyStikYjKIWI5a0\",\"kid\":\"k\"}";

/// Made for this test.
const P384: &str = "{\"kid\":\"k\",\"kty\":\"EC\",\"crv\":\"P-384\",\"x\":\"XJgbkKutV9xoyG0BEUthqfxVHrh3H6ZeCoAJMPI5ZhK8hsK8qMMqt-KCuS\
 8XspOk\",\"y\":\"AzfWItBiUeTKBbbuwMlbi03hlojlrmMoCqhOvjsOf-CSK6rZzr5W8o9m2DytF9T-\"}";

/// RFC 7515 A.4.
const P521: &str = "{\"kty\":\"EC\",\"crv\":\"P-521\",\"x\":\"AekpBQ8ST8a8VcfVOTNl353vSrDCLLJXmPk06wTjxrrjcBpXp5EOnYG_NjFZ6OvLFV1jSfS9\
 tsz4qUxcWceqwQGk\",\"y\":\"ADSmRA43Z1DSNx_RvcLI87cdL07l6jQyyBXMoxVg_l2Th-x3S1WDhjDly79ajL4Kkd0AZMaZmh9ubmf63e3kyMj\
 2\",\"kid\":\"k\"}";

/// RFC 8037 A.4.
pub(super) const ED25519: &str =
    r#"{"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo","kid":"k"}"#;

/// Y = 2, which no point of the curve has.
const ED25519_NO_POINT: &str =
    r#"{"kid":"k","kty":"OKP","crv":"Ed25519","x":"AgAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"}"#;

/// RFC 7515 A.2.
const RSA_PUBLISHED: &str = "{\"kty\":\"RSA\",\"n\":\"ofgWCuLjybRlzo0tZWJjNiuSfb4p4fAkd_wWJcyQoTbji9k0l8W26mPddxHmfHQp-Vaw-4qPCJrcS2mJPMEzP1Pt0\
 Bm4d4QlL-yRT-SFd2lZS-pCgNMsD1W_YpRPEwOWvG6b32690r2jZ47soMZo9wGzjb_7OMg0LOL-bSf63kpaSHSXndS5z5rexMdbBYUsLA9e-KXBdQO\
 S-UTo7WTBEMa2R2CapHg665xsmtdVMTBQY4uDZlxvb3qCo5ZwKh9kG4LT6_I5IhlJH7aGhyxXFvUK-DWNmoudF8NAco9_h9iaGNj8q2ethFkMLs91k\
 zk2PAcDTW9gb54h4FRWyuXpoQ\",\"e\":\"AQAB\",\"kid\":\"k\"}";

/// Made for this test, 2049 bits: the padded message of RSASSA-PSS is a byte shorter than the signature.
const RSA: &str = "{\"kid\":\"k\",\"kty\":\"RSA\",\"n\":\"6xLCNuXvVCOiI8jFYELnr02R8NnYsffQXLwrtWXw8uDAc0NfYgNqSLiIxzs0OHTJHc_eW3yONvY\
 NiKRIFsb3x47YukwTcQSGY8csTK4tKTrsPUcUt67zq8leh8vRYeVtP7ghyPDJJI2THTu30iAw3QNIw37coRVjjI3j9V1qE9hYaoyOHzxhwrYG4EvHX\
 bLSzvOzJvRGsqrZYbT5Sa7yknNiHxouI54MISbDd0I0oN6G8Tk2Q3XeROk3JGQ3JSF8vSG_HdQUWS6_KuHOjZwXFdNUsuX9icGIe5HQLRlf3lu-Z8m\
 Ym2Xc5jEb-l0oi5d_Et3FvjRxRe-QEklSxXT8yQ\",\"e\":\"AQAB\"}";

/// The signing input of that standard's example.
const ES256_MESSAGE: &str = "eyJhbGciOiJFUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlf\
 Q";

/// The signing input of that standard's example.
const ES512_MESSAGE: &str = "eyJhbGciOiJFUzUxMiJ9.UGF5bG9hZA";

/// The signing input of that standard's example.
const EDDSA_MESSAGE: &str = "eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc";

/// The signing input of that standard's example.
const RS256_MESSAGE: &str = "eyJhbGciOiJSUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlf\
 Q";

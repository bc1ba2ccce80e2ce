//! Can any order of calls through the C functions, with any bytes, do anything but answer as Rust does?
//!
//! An input is a script, and after it texts, each behind a byte `0xFF`, which no text in UTF-8 has. The script plays a
//! careless C program: it passes NULL, bytes that are no text and absurd lengths, shares handles and frees them in any
//! order. What the conventions forbid outright (a handle after it was freed, a length beyond its text) it does not do.

// It plays a C program.
#![allow(unsafe_code)]

use std::{borrow::Cow, ffi::c_char, ptr, sync::Arc};

use sqljwt::{Refusal as RustRefusal, Settings, SettingsError, Validator as RustValidator};
use sqljwt_ffi::*;

use crate::{
    document,
    scene::{FORGED, GENUINE, NOW, SIGNED, settings},
};

const OK: Status = 0;
const KEYS_NEEDED: Status = 100;
const PANIC: Status = 900;
const MISUSE: std::ops::RangeInclusive<Status> = 901..=903;

pub(crate) fn run(input: &[u8]) {
    /// More calls show nothing that these do not.
    const CALLS: usize = 64;
    let mut parts = input.split(|&byte| byte == 0xff);
    let mut script = parts.next().unwrap_or_default().iter().copied();
    let trusting = settings("hardened", &serde_json::json!({})).to_string();
    let known =
        [trusting.into_bytes(), GENUINE.clone().into_bytes(), FORGED.clone().into_bytes(), b"alice".into(), vec![]];
    let mut program = Program::default();
    program.texts.extend(known.into_iter().chain(parts.map(Vec::from)));
    for _ in 0..CALLS {
        let Some(letter) = script.next() else { break };
        let mut number = || usize::from(script.next().unwrap_or_default());
        match letter {
            b'n' => program.compile(number(), Slips(number())),
            b's' => program.share(number()),
            b'f' => program.free_validator(number()),
            b'v' => program.validate([number(), number(), number()], Slips(number())),
            b'e' => program.explain(number(), [number(), number(), number()], Slips(number())),
            b'c' => program.call(number(), Slips(number())),
            b'l' => program.free_login(number()),
            b'r' => program.free_refusal(number()),
            b't' => program.free_text(number()),
            b'k' => catalogue(number() * 40 + number()),
            _ => {}
        }
    }
}

/// What the program gets wrong in one call.
#[derive(Clone, Copy)]
struct Slips(usize);

impl Slips {
    fn no_handle(self) -> bool {
        self.0 & 1 != 0
    }

    fn nowhere(self) -> bool {
        self.0 & 2 != 0
    }

    fn no_refusal(self) -> bool {
        self.0 & 4 != 0
    }

    fn now(self) -> i64 {
        [NOW, NOW, i64::MIN, i64::MAX][self.0 >> 3 & 3]
    }

    /// A text as pointer and length: as it is, or neither, or a length without bytes, or one that no object has.
    fn lent(self, text: &[u8]) -> (*const c_char, usize) {
        match self.0 >> 5 & 7 {
            5 => (ptr::null(), 0),
            6 => (ptr::null(), text.len().max(1)),
            7 => (text.as_ptr().cast(), usize::MAX),
            _ => (text.as_ptr().cast(), text.len()),
        }
    }

    /// The text that the library sees, if it can see one.
    fn seen(self, text: &[u8]) -> Option<&[u8]> {
        match self.0 >> 5 & 7 {
            5 => Some(&[]),
            6 | 7 => None,
            _ => Some(text),
        }
    }
}

/// The text of settings as the library reads it: UTF-8, or UTF-16 behind its mark.
fn settings_read_from(bytes: &[u8]) -> Option<Result<Cow<'_, str>, SettingsError>> {
    let is_utf16 = bytes.starts_with(b"\xff\xfe") || bytes.starts_with(b"\xfe\xff");
    (is_utf16 || std::str::from_utf8(bytes).is_ok()).then(|| match std::str::from_utf8(bytes) {
        Ok(text) => Ok(Cow::Borrowed(text)),
        Err(_) => Settings::decode(bytes),
    })
}

/// The handles that the program holds, each with what Rust holds in its place.
#[derive(Default)]
struct Program {
    texts: Vec<Vec<u8>>,
    validators: Vec<(*mut Validator, Arc<RustValidator>)>,
    logins: Vec<*mut Login>,
    refusals: Vec<*mut Refusal>,
    owned: Vec<*mut Text>,
}

impl Program {
    fn compile(&mut self, settings: usize, slips: Slips) {
        let text = self.text(settings).to_vec();
        let (data, len) = slips.lent(&text);
        let (mut validator, mut refusal) = (ptr::null_mut(), ptr::null_mut());
        let place = if slips.nowhere() { ptr::null_mut() } else { &raw mut validator };
        let told = if slips.no_refusal() { ptr::null_mut() } else { &raw mut refusal };
        // SAFETY: the text is as long as it says or says that it is longer than anything, and the places are local.
        let status = unsafe { sqljwt_validator_new(data, len, place, told) };
        self.keep(refusal, status, slips);
        let seen = slips.seen(&text).and_then(settings_read_from);
        let (Some(seen), false) = (seen, slips.nowhere()) else {
            return misused(status, validator);
        };
        match seen.and_then(|text| Settings::from_text(&text)).and_then(|settings| RustValidator::new(&settings)) {
            Ok(rust) => {
                assert_eq!((status, validator.is_null()), (OK, false));
                self.validators.push((validator, Arc::new(rust)));
            }
            Err(error) => assert_eq!((status, validator.is_null()), (error.code.number().into(), true)),
        }
    }

    fn share(&mut self, which: usize) {
        let Some((validator, rust)) = chosen(&self.validators, which).cloned() else {
            // SAFETY: NULL is always fine.
            return assert!(unsafe { sqljwt_validator_share(ptr::null()) }.is_null());
        };
        // SAFETY: every validator in the list is alive.
        let other = unsafe { sqljwt_validator_share(validator) };
        assert!(!other.is_null());
        self.validators.push((other, rust));
    }

    fn validate(&mut self, [validator, token, user]: [usize; 3], slips: Slips) {
        let asked = self.asked(validator, token, user, slips);
        let (mut login, mut refusal) = (ptr::null_mut(), ptr::null_mut());
        let place = if slips.nowhere() { ptr::null_mut() } else { &raw mut login };
        let told = if slips.no_refusal() { ptr::null_mut() } else { &raw mut refusal };
        let ((token, token_len), (user, user_len)) = asked.lent(slips);
        // SAFETY: the validator is alive or NULL, the texts are as long as they say or say that they are longer than
        // anything, and the places are local.
        let status =
            unsafe { sqljwt_validate(asked.validator, token, token_len, user, user_len, slips.now(), place, told) };
        self.keep(refusal, status, slips);
        let Some((rust, token, user)) = asked.seen(slips) else { return misused(status, login) };
        match rust.validate(token, user, slips.now()) {
            Ok(expected) => {
                assert_eq!((status, login.is_null()), (OK, false));
                let token = String::from_utf8_lossy(token);
                assert!(*token == *GENUINE || SIGNED.contains(&*token), "nobody signed it: {token}");
                assert_eq!(read_login(login).as_deref(), Some(&*expected.user));
                self.logins.push(login);
            }
            Err(RustRefusal::Rejected(rejection)) => {
                assert_eq!((status, login.is_null()), (rejection.code.number().into(), true));
            }
            Err(RustRefusal::KeysNeeded(_)) => assert_eq!((status, login.is_null()), (KEYS_NEEDED, true)),
            Err(other) => panic!("an unknown kind of refusal: {other}"),
        }
    }

    fn explain(&mut self, kind: usize, [validator, token, user]: [usize; 3], slips: Slips) {
        let asked = self.asked(validator, token, user, slips);
        let mut text = ptr::null_mut();
        let place = if slips.nowhere() { ptr::null_mut() } else { &raw mut text };
        let ((token, token_len), (user, user_len)) = asked.lent(slips);
        let explain = [sqljwt_explain, sqljwt_explain_redacted, sqljwt_explain_timeline][kind % 3];
        // SAFETY: as for `validate`.
        let status = unsafe { explain(asked.validator, token, token_len, user, user_len, slips.now(), place) };
        let Some((rust, token, user)) = asked.seen(slips) else { return misused(status, text) };
        assert_eq!((status, text.is_null()), (OK, false));
        let expected = rust.explain(token, user, slips.now());
        let expected = match kind % 3 {
            0 => expected.to_json(),
            1 => expected.redacted().to_json(),
            _ => expected.to_string(),
        };
        // SAFETY: the text is alive.
        assert_eq!(read(unsafe { sqljwt_text_view(text) }).as_deref(), Some(&*expected));
        self.owned.push(text);
    }

    fn call(&mut self, call: usize, slips: Slips) {
        let call = self.text(call).to_vec();
        let (data, len) = slips.lent(&call);
        let mut text = ptr::null_mut();
        let place = if slips.nowhere() { ptr::null_mut() } else { &raw mut text };
        // SAFETY: the text is as long as it says or says that it is longer than anything, and the place is local.
        let status = unsafe { sqljwt_call(data, len, place) };
        let seen = slips.seen(&call).and_then(|call| std::str::from_utf8(call).ok());
        let (Some(seen), false) = (seen, slips.nowhere()) else { return misused(status, text) };
        assert_eq!((status, text.is_null()), (OK, false));
        // SAFETY: the text is alive.
        let answer = read(unsafe { sqljwt_text_view(text) }).expect("an answer");
        assert_eq!(answer, sqljwt::wire::call(seen));
        document::answer(&answer);
        self.owned.push(text);
    }

    fn free_validator(&mut self, which: usize) {
        let handle = taken(&mut self.validators, which).map_or(ptr::null_mut(), |(handle, _)| handle);
        // SAFETY: alive and taken out of the list, or NULL.
        unsafe { sqljwt_validator_free(handle) };
    }

    fn free_login(&mut self, which: usize) {
        let handle = taken(&mut self.logins, which).unwrap_or(ptr::null_mut());
        assert_eq!(read_login(handle).is_some(), !handle.is_null());
        // SAFETY: alive and taken out of the list, or NULL.
        unsafe { sqljwt_login_free(handle) };
    }

    fn free_refusal(&mut self, which: usize) {
        let handle = taken(&mut self.refusals, which).unwrap_or(ptr::null_mut());
        read_refusal(handle);
        // SAFETY: alive and taken out of the list, or NULL.
        unsafe { sqljwt_refusal_free(handle) };
    }

    fn free_text(&mut self, which: usize) {
        let handle = taken(&mut self.owned, which).unwrap_or(ptr::null_mut());
        // SAFETY: alive or NULL; then taken out of the list.
        unsafe {
            assert_eq!(read(sqljwt_text_view(handle)).is_some(), !handle.is_null());
            sqljwt_text_free(handle);
        }
    }

    fn text(&self, which: usize) -> &[u8] {
        chosen(&self.texts, which).map_or(&[], Vec::as_slice)
    }

    fn asked(&self, validator: usize, token: usize, user: usize, slips: Slips) -> Asked {
        let validator = chosen(&self.validators, validator).filter(|_| !slips.no_handle()).cloned();
        let (validator, rust) = validator.map_or((ptr::null(), None), |(c, rust)| (c.cast_const(), Some(rust)));
        Asked { validator, rust, token: self.text(token).to_vec(), user: self.text(user).to_vec() }
    }

    /// Holds a refusal against the status that came with it.
    fn keep(&mut self, refusal: *mut Refusal, status: Status, slips: Slips) {
        if status == PANIC {
            // The library keeps panics quiet, also this one's text.
            eprintln!("a bug inside: {:?}", read_refusal(refusal));
        }
        assert_ne!(status, PANIC);
        assert_eq!(refusal.is_null(), status == OK || slips.no_refusal(), "{status}");
        if !refusal.is_null() {
            assert_eq!(read_refusal(refusal), status);
            self.refusals.push(refusal);
        }
    }
}

impl Drop for Program {
    /// Frees what the script forgot, so that a leak is the library's own.
    fn drop(&mut self) {
        (0..self.validators.len()).for_each(|_| self.free_validator(0));
        (0..self.logins.len()).for_each(|_| self.free_login(0));
        (0..self.refusals.len()).for_each(|_| self.free_refusal(0));
        (0..self.owned.len()).for_each(|_| self.free_text(0));
    }
}

/// The arguments of a question.
struct Asked {
    validator: *const Validator,
    rust: Option<Arc<RustValidator>>,
    token: Vec<u8>,
    user: Vec<u8>,
}

type Lent = (*const c_char, usize);

impl Asked {
    /// The token and the user; it is the token that the program gets wrong.
    fn lent(&self, slips: Slips) -> (Lent, Lent) {
        (slips.lent(&self.token), (self.user.as_ptr().cast(), self.user.len()))
    }

    /// What Rust is asked, if the call can be carried out.
    fn seen(&self, slips: Slips) -> Option<(&RustValidator, &[u8], &str)> {
        let user = std::str::from_utf8(&self.user).ok()?;
        (!slips.nowhere()).then_some((self.rust.as_deref()?, slips.seen(&self.token)?, user))
    }
}

fn misused<T>(status: Status, written: *mut T) {
    assert!(MISUSE.contains(&status) && written.is_null(), "{status}");
}

fn chosen<T>(list: &[T], which: usize) -> Option<&T> {
    list.get(which % list.len().max(1))
}

fn taken<T>(list: &mut Vec<T>, which: usize) -> Option<T> {
    (!list.is_empty()).then(|| list.swap_remove(which % list.len()))
}

/// A view's text, with the NUL that has to follow it.
fn read(view: View) -> Option<String> {
    if view.data.is_null() {
        assert_eq!(view.len, 0);
        return None;
    }
    // SAFETY: a view holds `len` bytes and a NUL, and what it looks into is alive.
    let bytes = unsafe { std::slice::from_raw_parts(view.data.cast::<u8>(), view.len + 1) };
    assert_eq!(bytes.last(), Some(&0));
    Some(std::str::from_utf8(&bytes[..view.len]).expect("a view is UTF-8").to_owned())
}

/// Reads all that a login holds; its SQL user.
fn read_login(login: *const Login) -> Option<String> {
    let (mut seconds, mut line, mut count) = (0, 0, 0);
    // SAFETY: the login is alive or NULL, and the variables are local.
    unsafe {
        for view in [sqljwt_login_principal, sqljwt_login_issuer, sqljwt_login_audience, sqljwt_login_key_id] {
            assert_eq!(read(view(login)).is_some(), !login.is_null());
        }
        assert_eq!(read(sqljwt_login_algorithm(login)).is_some(), !login.is_null());
        let told = [
            sqljwt_login_issued_at(login, &raw mut seconds),
            sqljwt_login_expires_at(login, &raw mut seconds),
            sqljwt_login_map_line(login, &raw mut line),
            sqljwt_login_roles(login, &raw mut count),
        ];
        assert!(!login.is_null() || told == [false; 4]);
        assert!(!sqljwt_login_expires_at(login, ptr::null_mut()));
        for index in 0..count {
            assert!(read(sqljwt_login_role(login, index)).is_some());
        }
        assert!(read(sqljwt_login_role(login, count)).is_none());
        read(sqljwt_login_user(login))
    }
}

/// Reads all that a refusal holds; its status.
fn read_refusal(refusal: *const Refusal) -> Status {
    let (mut line, mut column) = (0, 0);
    // SAFETY: the refusal is alive or NULL, and the variables are local.
    unsafe {
        for view in [
            sqljwt_refusal_client_message,
            sqljwt_refusal_client_sqlstate,
            sqljwt_refusal_log_line,
            sqljwt_refusal_name,
            sqljwt_refusal_message,
            sqljwt_refusal_remedy,
        ] {
            assert_eq!(read(view(refusal)).is_some(), !refusal.is_null());
        }
        for view in [
            sqljwt_refusal_client_detail,
            sqljwt_refusal_setting,
            sqljwt_refusal_keys_issuer,
            sqljwt_refusal_keys_id,
            sqljwt_refusal_keys_discovery_url,
            sqljwt_refusal_keys_jwks_url,
        ] {
            read(view(refusal));
        }
        let has_line = sqljwt_refusal_line(refusal, &raw mut line);
        assert_eq!(has_line, sqljwt_refusal_column(refusal, &raw mut column));
        assert_eq!(has_line, (line, column) != (0, 0));
        sqljwt_refusal_status(refusal)
    }
}

/// Every status, known or not, has static texts.
fn catalogue(number: usize) {
    let status = Status::try_from(number).unwrap_or(Status::MAX);
    for text in
        [sqljwt_reason_name, sqljwt_reason_check, sqljwt_reason_summary, sqljwt_reason_remedy, sqljwt_reason_reference]
    {
        assert!(!text(status).is_null());
    }
}

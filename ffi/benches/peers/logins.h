/*
 * Who logs in: one bearer, three algorithms. The keys are those of tests/keys, which protect nothing.
 *
 * The peers read the system's clock themselves, so the good tokens expire in 2096; their twins expired in 2023.
 */
#ifndef LOGINS_H
#define LOGINS_H

#include "peer.h"

static const struct login LOGINS[] = {
    {
        .algorithm = "RS256",
        .jwk =
            "{\"kty\": \"RSA\", \"n\": \"xsYn1RBg7uzdpTp_mCOWepjl14ScpFTanQnoMtcbR5WlnuFNYtY7rRbKp2bboeX_SkPIPqg"
            "ynFConyVfm_qEc_nJFNu-rNLBRCBEgmszt04t9LHkJMxWULg9JD5LIzF9sPtVRUEmz3BTKe27fvj1mQlfT8rTW6iGReU"
            "TxYHbA3rkC2xmqvNyHYJLQoAYObaKwdzWFV8NENgzhnuOLvw9zkFpg9HKsbnRHtUD8YEBpq3bLoWMEdF5dl88FQXYhaT"
            "IA3b9rDnWBzyak0SX-fX-o_gXVWqSmX484zcbj3kr3H2NwgwqoEMEJ20gbxPh9QLPa9SCa6p3ub-pJQw40bQYEw\", \"e"
            "\": \"AQAB\", \"kid\": \"test-rsa-1\", \"alg\": \"RS256\"}",
        .pem =
            "-----BEGIN PUBLIC KEY-----\n"
            "MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAxsYn1RBg7uzdpTp/mCOW\n"
            "epjl14ScpFTanQnoMtcbR5WlnuFNYtY7rRbKp2bboeX/SkPIPqgynFConyVfm/qE\n"
            "c/nJFNu+rNLBRCBEgmszt04t9LHkJMxWULg9JD5LIzF9sPtVRUEmz3BTKe27fvj1\n"
            "mQlfT8rTW6iGReUTxYHbA3rkC2xmqvNyHYJLQoAYObaKwdzWFV8NENgzhnuOLvw9\n"
            "zkFpg9HKsbnRHtUD8YEBpq3bLoWMEdF5dl88FQXYhaTIA3b9rDnWBzyak0SX+fX+\n"
            "o/gXVWqSmX484zcbj3kr3H2NwgwqoEMEJ20gbxPh9QLPa9SCa6p3ub+pJQw40bQY\n"
            "EwIDAQAB\n"
            "-----END PUBLIC KEY-----\n",
        .token =
            "eyJhbGciOiJSUzI1NiIsImtpZCI6InRlc3QtcnNhLTEiLCJ0eXAiOiJKV1QifQ.eyJpc3MiOiJodHRwczovL2lkcC5le"
            "GFtcGxlL3RlbmFudHMvbWFpbiIsInN1YiI6ImFsaWNlQGNvcnAuZXhhbXBsZSIsImF1ZCI6InNxbC1sb2dpbiIsImlhd"
            "CI6MTY5OTk5OTAwMCwiZXhwIjo0MDAwMDAwMDAwLCJqdGkiOiJmZmZmZmZmZmZmZmZmZmYifQ.mjQPy6yQetqSxQnIY_"
            "u2IEEI1SX_rUb6wz1KDVwpXqAmiex0FIkca3GodifiKqnpvXkcJtyI3Ch_ZvQZgmoUkTdbvmqR8FzzJGJiGaCi7E8sNp"
            "884qoXMdftYvFDS3CZdsg3azSe6XmH669gKfGI6aCxD58ULw4ODndfxdaEi1Mi5SlGYdv4__vIHv4EdgPczG9llo7Tog"
            "x3sTqlOF4L-6M1bw1inBlpSA82Pep9S6j-KVtQ3d2LgJOKynh4yg_5YAV0h9Pcqnjred6Cq75_hx3G3ohQZ1zK5Zz45m"
            "WIKpXi4wJ26z6ZeTGUud7A5NYqgFdMX0x-0-7a_SlTeh-ZEg",
        .expired =
            "eyJhbGciOiJSUzI1NiIsImtpZCI6InRlc3QtcnNhLTEiLCJ0eXAiOiJKV1QifQ.eyJpc3MiOiJodHRwczovL2lkcC5le"
            "GFtcGxlL3RlbmFudHMvbWFpbiIsInN1YiI6ImFsaWNlQGNvcnAuZXhhbXBsZSIsImF1ZCI6InNxbC1sb2dpbiIsImlhd"
            "CI6MTY5OTk5OTAwMCwiZXhwIjoxNzAwMDAwMDAwLCJqdGkiOiJmZmZmZmZmZmZmZmZmZmYifQ.Dq8FhJVUhl9yniAugc"
            "lRNtz3VD_zt20etAEa-ylanduqdQ6rXW87IHV5Z6KbkaPlmj98wE8iNP02Zc_RXUEtqeQDYrH5DIJy0y0oiZoTskxIkd"
            "x5njPw94bah7wjIMgk3M-d2ao13unc9Gw2mMkGPXqNc9NG5jiOg64sg3af-xA6Zh7L5EWwnjFcYkicN3tQAVxNU_FwIZ"
            "ZvNluo092wF6ajrXYJcxw7S_SyTFgw7_9Q4rHG1PBHjZyGV2ocM34wSVK13lLI8TySyL-Ze803ah5siye5bEuyl6yMsa"
            "HA4ir2l0c1YQaf6e6o-r-Jx8PIO4mVu2XapeoEc2A4gMU4xw",
    },
    {
        .algorithm = "ES256",
        .jwk =
            "{\"kty\": \"EC\", \"crv\": \"P-256\", \"x\": \"oMLW4_h77sR0ANUv5hlXNy-nJH-VaahgR3nDU6dT7w0\", \"y\": \"5uDh"
            "_osZTytud87dJVRC1EbXN7tHkKArC6GnXP2KinU\", \"kid\": \"test-p256\", \"alg\": \"ES256\"}",
        .pem =
            "-----BEGIN PUBLIC KEY-----\n"
            "MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEoMLW4/h77sR0ANUv5hlXNy+nJH+V\n"
            "aahgR3nDU6dT7w3m4OH+ixlPK253zt0lVELURtc3u0eQoCsLoadc/YqKdQ==\n"
            "-----END PUBLIC KEY-----\n",
        .token =
            "eyJhbGciOiJFUzI1NiIsImtpZCI6InRlc3QtcDI1NiIsInR5cCI6IkpXVCJ9.eyJpc3MiOiJodHRwczovL2lkcC5leGF"
            "tcGxlL3RlbmFudHMvbWFpbiIsInN1YiI6ImFsaWNlQGNvcnAuZXhhbXBsZSIsImF1ZCI6InNxbC1sb2dpbiIsImlhdCI"
            "6MTY5OTk5OTAwMCwiZXhwIjo0MDAwMDAwMDAwLCJqdGkiOiJmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZ"
            "mZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZ"
            "mZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZ"
            "mZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmIn0.h2k5Z-MODQSwSu0WV5cqrmuHS4DeMS6j22nOjhj"
            "qzlF7frDrehKpBH6jJ22vwONKNOxiICrXdmFnr9UWmjVtBw",
        .expired =
            "eyJhbGciOiJFUzI1NiIsImtpZCI6InRlc3QtcDI1NiIsInR5cCI6IkpXVCJ9.eyJpc3MiOiJodHRwczovL2lkcC5leGF"
            "tcGxlL3RlbmFudHMvbWFpbiIsInN1YiI6ImFsaWNlQGNvcnAuZXhhbXBsZSIsImF1ZCI6InNxbC1sb2dpbiIsImlhdCI"
            "6MTY5OTk5OTAwMCwiZXhwIjoxNzAwMDAwMDAwLCJqdGkiOiJmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZ"
            "mZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZ"
            "mZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZ"
            "mZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmIn0.6sSI1wg56WWPPuO2eyvBZhQlMXUtOoCVwergzur"
            "gzWbveWWAay_-0N86lNXab54GzTRbK8PKZwiAn5wwM-LPbg",
    },
    {
        .algorithm = "EdDSA",
        .jwk =
            "{\"kty\": \"OKP\", \"crv\": \"Ed25519\", \"x\": \"E8fPeT8OHdRCQbGU4E0W6YPpz-b9FOl2eDY81h7Ux6I\", \"kid\": "
            "\"test-ed25519\", \"alg\": \"EdDSA\"}",
        .pem =
            "-----BEGIN PUBLIC KEY-----\n"
            "MCowBQYDK2VwAyEAE8fPeT8OHdRCQbGU4E0W6YPpz+b9FOl2eDY81h7Ux6I=\n"
            "-----END PUBLIC KEY-----\n",
        .token =
            "eyJhbGciOiJFZERTQSIsImtpZCI6InRlc3QtZWQyNTUxOSIsInR5cCI6IkpXVCJ9.eyJpc3MiOiJodHRwczovL2lkcC5"
            "leGFtcGxlL3RlbmFudHMvbWFpbiIsInN1YiI6ImFsaWNlQGNvcnAuZXhhbXBsZSIsImF1ZCI6InNxbC1sb2dpbiIsIml"
            "hdCI6MTY5OTk5OTAwMCwiZXhwIjo0MDAwMDAwMDAwLCJqdGkiOiJmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZ"
            "mZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZ"
            "mZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZ"
            "mZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmIn0.fro7rUxGAAX1y6yYwxp3gd9U2qjVarKnknAzXGt"
            "_95y5fXtUFVpMT1VNhMCsCHWlKFE2_BNyDlevVhEWIzLnCA",
        .expired =
            "eyJhbGciOiJFZERTQSIsImtpZCI6InRlc3QtZWQyNTUxOSIsInR5cCI6IkpXVCJ9.eyJpc3MiOiJodHRwczovL2lkcC5"
            "leGFtcGxlL3RlbmFudHMvbWFpbiIsInN1YiI6ImFsaWNlQGNvcnAuZXhhbXBsZSIsImF1ZCI6InNxbC1sb2dpbiIsIml"
            "hdCI6MTY5OTk5OTAwMCwiZXhwIjoxNzAwMDAwMDAwLCJqdGkiOiJmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZ"
            "mZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZ"
            "mZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZ"
            "mZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmIn0.zq4_KgOXbEvbdHsOBsK5XPGN7mqBHbq9IshvBcp"
            "7e7FAd1IxU7wxucZJqpV_OG2LcvMMWyEYEH-aHPIM-wLUBQ",
    },
};

#endif

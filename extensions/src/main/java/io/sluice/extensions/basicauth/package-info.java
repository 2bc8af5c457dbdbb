/// `basicauth`: names and passwords, asked of those who send to us (`htpasswd`) or shown to those we send to
/// (`client_auth`).
///
/// Passwords that are costly to check are checked on a thread apart, a few at a time, and remembered by a
/// digest: each sender costs one check, not one a request.
@org.jspecify.annotations.NullMarked
package io.sluice.extensions.basicauth;

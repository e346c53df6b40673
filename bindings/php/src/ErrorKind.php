<?php

declare(strict_types=1);

namespace WoSignDoc;

/** What kind of failure an exception reports. Each kind has an exception class of its own. */
enum ErrorKind: string
{
    /** A call was made wrongly, or a configuration does not hold together. */
    case Argument = 'argument';
    /** The order breaks rules of the protocol; all violations are listed. */
    case InvalidOrder = 'invalid_order';
    /** The platform answered, and said no. */
    case Platform = 'platform';
    /** The network failed before or while the order was sent. */
    case Transport = 'transport';
    /** No trusted TLS connection came about. */
    case Tls = 'tls';
    /** A time limit ran out. */
    case Timeout = 'timeout';
    /** The other side answered something that is not the protocol. */
    case Protocol = 'protocol';
    /** The document that arrived does not match its hash. */
    case Integrity = 'integrity';
    /** The document or its sender is not who was expected. */
    case Untrusted = 'untrusted';
    /** A file could not be read or written, or the system has run out of something. */
    case Io = 'io';
    /** A defect in the library. */
    case Internal = 'internal';
    /** The native library cannot be used; the only kind that is not the core's. */
    case NativeLibrary = 'native_library';
}

<?php

declare(strict_types=1);

namespace WoSignDoc;

/** The kind of a signer: the protocol's `signType`. */
enum SignerType: int
{
    /** A company or another organisation, by its licence number. */
    case Organisation = 1;
    /** A person, by an identity number. */
    case Person = 2;
}

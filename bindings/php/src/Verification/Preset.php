<?php

declare(strict_types=1);

namespace WoSignDoc\Verification;

/** Policies that are ready to use. */
enum Preset: string
{
    /** What the platform signs is valid, and what is weak has to be looked at. */
    case Default = 'default';
    /** Nothing is left open: revocation has to be proven, and nothing may be weak. */
    case Strict = 'strict';
    /** Only what is broken, altered or not trusted counts; all else stands in the report. */
    case Report = 'report';
}

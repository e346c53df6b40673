<?php

declare(strict_types=1);

namespace WoSignDoc\Verification;

/** How far a signature reaches. */
enum Coverage: string
{
    /** To the end of the file. */
    case WholeFile = 'whole_file';
    /** To the end of an earlier revision. */
    case Revision = 'revision';
    /** To somewhere within a revision. */
    case PartOfRevision = 'part_of_revision';
    /** Its byte range has not the shape that it must have. */
    case Malformed = 'malformed';
    /** A word that is newer than this package: it stands in the report's own data. */
    case Other = 'other';

    /** Returns the case of a word, whatever the word is. @internal */
    public static function of(mixed $word): self
    {
        return is_string($word) ? self::tryFrom($word) ?? self::Other : self::Other;
    }
}

<?php

declare(strict_types=1);

namespace WoSignDoc\Verification;

/** How far a signature reaches. */
enum Coverage: string
{
    use OpenWords;

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
}

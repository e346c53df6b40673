using System;

namespace WoSignDoc;

/// <summary>
/// Describes one place for a seal: a page and a rectangle as fractions (0 to 1) of the displayed page's width and
/// height, from its lower left corner.
/// </summary>
public readonly struct SignatureBox : IEquatable<SignatureBox>
{
    /// <summary>Makes a place on a page.</summary>
    /// <param name="page">The page, counted from 1.</param>
    /// <param name="left">Left edge, less than <paramref name="right"/>.</param>
    /// <param name="bottom">Lower edge, less than <paramref name="top"/>.</param>
    /// <param name="right">Right edge.</param>
    /// <param name="top">Upper edge.</param>
    public SignatureBox(int page, double left, double bottom, double right, double top)
    {
        Page = page;
        Left = left;
        Bottom = bottom;
        Right = right;
        Top = top;
    }

    /// <summary>The page, counted from 1.</summary>
    public int Page { get; }

    /// <summary>The left edge, a fraction of the page's width.</summary>
    public double Left { get; }

    /// <summary>The lower edge, a fraction of the page's height.</summary>
    public double Bottom { get; }

    /// <summary>The right edge, a fraction of the page's width.</summary>
    public double Right { get; }

    /// <summary>The upper edge, a fraction of the page's height.</summary>
    public double Top { get; }

    /// <summary>Tells whether both are the same place.</summary>
    public static bool operator ==(SignatureBox left, SignatureBox right) => left.Equals(right);

    /// <summary>Tells whether they are different places.</summary>
    public static bool operator !=(SignatureBox left, SignatureBox right) => !left.Equals(right);

    /// <inheritdoc/>
    public bool Equals(SignatureBox other) =>
        (Page, Left, Bottom, Right, Top) == (other.Page, other.Left, other.Bottom, other.Right, other.Top);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is SignatureBox other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => (Page, Left, Bottom, Right, Top).GetHashCode();
}

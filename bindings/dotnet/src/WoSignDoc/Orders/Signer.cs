using System.Collections.Generic;

namespace WoSignDoc;

/// <summary>Who signs: an organisation or a person.</summary>
public enum SignerKind
{
    /// <summary>An organisation, by its business licence.</summary>
    Organisation = 1,

    /// <summary>A person, by the identity card.</summary>
    Person = 2,
}

/// <summary>One signer of an order.</summary>
public sealed class Signer
{
    /// <summary>A signer; <see cref="Organisation"/> and <see cref="Person"/> say the same in fewer words.</summary>
    /// <param name="kind">Organisation or person.</param>
    /// <param name="name">The name on the business licence or the identity card.</param>
    /// <param name="number">The number of the business licence or the identity card.</param>
    public Signer(SignerKind kind, string name, string number)
    {
        Kind = kind;
        Name = name;
        Number = number;
    }

    /// <summary>Organisation or person.</summary>
    public SignerKind Kind { get; }

    /// <summary>The name on the business licence or the identity card.</summary>
    public string Name { get; }

    /// <summary>The number of the business licence or the identity card.</summary>
    public string Number { get; }

    /// <summary>The country, ISO 3166-1 alpha-2; null: CN.</summary>
    public string? Country { get; set; }

    /// <summary>The seal picture, PNG or JPEG; null: the platform draws one.</summary>
    public DocumentSource? Seal { get; set; }

    /// <summary>Scan of the business licence or the identity card (<c>pic</c>); required (P-15, P-16).</summary>
    public DocumentSource? Material { get; set; }

    /// <summary>Other material (<c>otherpic</c>); required (P-15, P-16).</summary>
    public DocumentSource? OtherMaterial { get; set; }

    /// <summary>Where the seals go; needed unless the order names a template (P-13).</summary>
    public IList<SignatureBox> Boxes { get; } = new List<SignatureBox>();

    /// <summary>An organisation.</summary>
    /// <param name="name">The name on the business licence.</param>
    /// <param name="licenceNumber">The number of the business licence.</param>
    public static Signer Organisation(string name, string licenceNumber) =>
        new(SignerKind.Organisation, name, licenceNumber);

    /// <summary>A person.</summary>
    /// <param name="name">The name on the identity card.</param>
    /// <param name="identityNumber">The identity number.</param>
    public static Signer Person(string name, string identityNumber) => new(SignerKind.Person, name, identityNumber);

    /// <summary>Kind and number of boxes; never the name or the number.</summary>
    public override string ToString() => $"{Kind} with {Boxes.Count} boxes";
}

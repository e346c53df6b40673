using System.Collections.Generic;

namespace WoSignDoc;

/// <summary>Says who signs: an organisation or a person.</summary>
public enum SignerKind
{
    /// <summary>An organisation, by its business licence.</summary>
    Organisation = 1,

    /// <summary>A person, by the identity card.</summary>
    Person = 2,
}

/// <summary>Describes one signer of an order.</summary>
public sealed class Signer
{
    /// <summary>Makes a signer; <see cref="Organisation"/> and <see cref="Person"/> say the same in fewer words.</summary>
    /// <param name="kind">Organisation or person.</param>
    /// <param name="name">The name on the business licence or the identity card.</param>
    /// <param name="number">The number of the business licence or the identity card.</param>
    public Signer(SignerKind kind, string name, string number)
    {
        Kind = kind;
        Name = name;
        Number = number;
    }

    /// <summary>The kind of signer.</summary>
    public SignerKind Kind { get; }

    /// <summary>The name on the business licence or the identity card.</summary>
    public string Name { get; }

    /// <summary>The number of the business licence or the identity card.</summary>
    public string Number { get; }

    /// <summary>The country, ISO 3166-1 alpha-2; null: CN.</summary>
    public string? Country { get; set; }

    /// <summary>The seal picture, PNG or JPEG; null: the platform draws one.</summary>
    public DocumentSource? Seal { get; set; }

    /// <summary>
    /// The scan of the business licence or the identity card (<c>pic</c>); required unless the configuration says
    /// <see cref="WoSignDocOptions.AllowEmptyMaterial"/>.
    /// </summary>
    public DocumentSource? Material { get; set; }

    /// <summary>The other material (<c>otherpic</c>); required like <see cref="Material"/>.</summary>
    public DocumentSource? OtherMaterial { get; set; }

    /// <summary>The places of the seals; needed unless the order names a template.</summary>
    public IList<SignatureBox> Boxes { get; } = new List<SignatureBox>();

    /// <summary>Makes a signer that is an organisation.</summary>
    /// <param name="name">The name on the business licence.</param>
    /// <param name="licenceNumber">The number of the business licence.</param>
    public static Signer Organisation(string name, string licenceNumber) =>
        new(SignerKind.Organisation, name, licenceNumber);

    /// <summary>Makes a signer that is a person.</summary>
    /// <param name="name">The name on the identity card.</param>
    /// <param name="identityNumber">The identity number.</param>
    public static Signer Person(string name, string identityNumber) => new(SignerKind.Person, name, identityNumber);

    /// <summary>Gives the kind and the number of boxes; never the name or the number.</summary>
    public override string ToString() => $"{Kind} with {Boxes.Count} boxes";
}

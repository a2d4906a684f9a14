namespace ServiceProviderOcm.Tests.Architecture;

/// <summary>One type uses another; both are top-level types.</summary>
/// <param name="User">The type that depends on the other.</param>
/// <param name="Used">The type that it depends on.</param>
/// <param name="Where">The first member that uses it, or how it is used.</param>
internal sealed record TypeUse(SourceType User, SourceType Used, string Where)
{
    public override string ToString() => $"{User} uses {Used} (in {Where})";
}

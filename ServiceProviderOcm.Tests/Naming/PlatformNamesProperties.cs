using System.Text;
using System.Text.RegularExpressions;
using FsCheck;
using FsCheck.Fluent;
using NUnit.Framework;

namespace ServiceProviderOcm.Tests.Naming;

public sealed partial class PlatformNamesProperties
{
    private const int MinLimit = 11;

    private static readonly Gen<string> Labels =
        from first in Gen.Elements("abcxyz019".ToCharArray())
        from middle in Gen.Elements("abcxyz019-".ToCharArray()).ListOf()
        from last in Gen.Elements("abcxyz019".ToCharArray())
        select string.Concat(middle.Take(61).Prepend(first).Append(last));

    private static readonly Gen<string> Subdomains = Labels.NonEmptyListOf().Select(labels => string.Join('.', labels.Take(5)));

    private static readonly Gen<string> Texts = ArbMap.Default.GeneratorFor<NonNull<string>>().Select(text => text.Get);

    private static readonly Gen<int> Limits = Gen.Choose(MinLimit, 80);

    [Test]
    public void Shortened_names_fit_the_limit() =>
        Prop.ForAll(Texts.Zip(Limits).ToArbitrary(), input => Bytes(PlatformNames.Shorten(input.Item1, input.Item2)) <= input.Item2)
            .QuickCheckThrowOnFailure();

    [Test]
    public void Names_that_fit_are_not_shortened() =>
        Prop.ForAll(Texts.ToArbitrary(), text => PlatformNames.Shorten(text, Math.Max(Bytes(text), MinLimit)) == text)
            .QuickCheckThrowOnFailure();

    [Test]
    public void Shortening_is_idempotent() =>
        Prop.ForAll(Texts.Zip(Limits).ToArbitrary(), input =>
            {
                var once = PlatformNames.Shorten(input.Item1, input.Item2);
                return PlatformNames.Shorten(once, input.Item2) == once;
            })
            .QuickCheckThrowOnFailure();

    [Test]
    public void Long_names_that_differ_only_at_the_end_stay_different() =>
        Prop.ForAll(Subdomains.Two().Where(pair => pair.Item1 != pair.Item2).ToArbitrary(), pair =>
            {
                var head = new string('a', PlatformNames.MaxNameLength);
                return PlatformNames.Shorten(head + pair.Item1, PlatformNames.MaxNameLength)
                    != PlatformNames.Shorten(head + pair.Item2, PlatformNames.MaxNameLength);
            })
            .QuickCheckThrowOnFailure();

    [Test]
    public void A_shortened_label_is_a_label() =>
        Prop.ForAll(Labels.Zip(Limits).ToArbitrary(), input => Label().IsMatch(PlatformNames.Shorten(input.Item1, input.Item2)))
            .QuickCheckThrowOnFailure();

    [Test]
    public void A_shortened_subdomain_is_a_subdomain() =>
        Prop.ForAll(Subdomains.Zip(Limits).ToArbitrary(), input => Subdomain().IsMatch(PlatformNames.Shorten(input.Item1, input.Item2)))
            .QuickCheckThrowOnFailure();

    [Test]
    public void Request_names_are_subdomains_that_fit_and_keep_their_suffix() =>
        Prop.ForAll(Subdomains.Zip(Subdomains).ToArbitrary(), input =>
            {
                var name = PlatformNames.RequestName(input.Item1, input.Item2.ToUpperInvariant(), "mcp");
                return name.Length <= PlatformNames.MaxNameLength
                    && !name.Any(char.IsUpper)
                    && Subdomain().IsMatch(name)
                    && name.EndsWith("--mcp", StringComparison.Ordinal);
            })
            .QuickCheckThrowOnFailure();

    [Test]
    public void Tenant_namespaces_are_labels_of_41_characters_with_a_version_8_uuid() =>
        Prop.ForAll(Texts.Two().Where(pair => pair.Item1.Length + pair.Item2.Length > 0).ToArbitrary(), pair =>
            {
                var name = PlatformNames.TenantNamespace(pair.Item1, pair.Item2);
                return name.Length == 41 && Label().IsMatch(name) && TenantNamespace().IsMatch(name);
            })
            .QuickCheckThrowOnFailure();

    [Test]
    public void Tenants_do_not_share_a_namespace() =>
        Prop.ForAll(Labels.Zip(Labels).Two().Where(pair => pair.Item1 != pair.Item2).ToArbitrary(), pair =>
                PlatformNames.TenantNamespace(pair.Item1.Item1, pair.Item1.Item2)
                != PlatformNames.TenantNamespace(pair.Item2.Item1, pair.Item2.Item2))
            .QuickCheckThrowOnFailure();

    [Test]
    public void Names_are_deterministic() =>
        Prop.ForAll(Subdomains.Zip(Subdomains).ToArbitrary(), input =>
                PlatformNames.TenantNamespace(input.Item1, input.Item2) == PlatformNames.TenantNamespace(input.Item1, input.Item2)
                && PlatformNames.RequestName(input.Item1, input.Item2) == PlatformNames.RequestName(input.Item1, input.Item2))
            .QuickCheckThrowOnFailure();

    private static int Bytes(string text) => Encoding.UTF8.GetByteCount(text);

    [GeneratedRegex(@"\A[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?\z")]
    private static partial Regex Label();

    // As Kubernetes validates names: within a subdomain, the length of a single label is not limited.
    [GeneratedRegex(@"\A[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*\z")]
    private static partial Regex Subdomain();

    [GeneratedRegex(@"\Amcp--[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}\z")]
    private static partial Regex TenantNamespace();
}

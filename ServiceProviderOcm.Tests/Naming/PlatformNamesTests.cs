using System.Text;
using NUnit.Framework;

namespace ServiceProviderOcm.Tests.Naming;

public sealed class PlatformNamesTests
{
    [TestCaseSource(typeof(NamingVectors), nameof(NamingVectors.TenantNamespaces))]
    public string Tenant_namespaces_are_those_of_the_platform(string onboardingNamespace, string onboardingName) =>
        PlatformNames.TenantNamespace(onboardingNamespace, onboardingName);

    [TestCaseSource(typeof(NamingVectors), nameof(NamingVectors.RequestNames))]
    public string Request_names_are_those_of_the_platform(string controllerName, string localName, string suffix) =>
        PlatformNames.RequestName(controllerName, localName, suffix);

    [TestCaseSource(typeof(NamingVectors), nameof(NamingVectors.Shortened))]
    public string Long_names_are_shortened_as_the_platform_does(string input, int max) => PlatformNames.Shorten(input, max);

    [Test]
    public void A_tenant_namespace_takes_at_least_one_part() => Assert.That(
        () => PlatformNames.TenantNamespace("", ""),
        Throws.ArgumentException.With.Message.Contains("a namespace or a name").And.Property("ParamName").EqualTo("onboardingName"));

    [Test]
    public void A_request_name_takes_at_least_one_part() => Assert.That(
        () => PlatformNames.RequestName("", "", "mcp"),
        Throws.ArgumentException.With.Message.Contains("a controller or a local name").And.Property("ParamName").EqualTo("localName"));

    [TestCase("ocm.example.org", "", ExpectedResult = "ocm.example.org----mcp")]
    [TestCase("", "mcp-01", ExpectedResult = "--mcp-01--mcp")]
    public string A_request_name_takes_either_part_alone(string controllerName, string localName) =>
        PlatformNames.RequestName(controllerName, localName, "mcp");

    [TestCase("onboardingNamespace", null, "mcp-01")]
    [TestCase("onboardingName", "default", null)]
    public void A_tenant_namespace_takes_no_null(string parameter, string? onboardingNamespace, string? onboardingName) => Assert.That(
        () => PlatformNames.TenantNamespace(onboardingNamespace!, onboardingName!),
        Throws.ArgumentNullException.With.Property("ParamName").EqualTo(parameter));

    [TestCase("controllerName", null, "mcp-01", "mcp")]
    [TestCase("localName", "ocm.example.org", null, "mcp")]
    [TestCase("suffix", "ocm.example.org", "mcp-01", null)]
    public void A_request_name_takes_no_null(string parameter, string? controllerName, string? localName, string? suffix) => Assert.That(
        () => PlatformNames.RequestName(controllerName!, localName!, suffix!),
        Throws.ArgumentNullException.With.Property("ParamName").EqualTo(parameter));

    [Test]
    public void A_value_to_shorten_is_not_null() => Assert.That(
        () => PlatformNames.Shorten(null!, 63), Throws.ArgumentNullException.With.Property("ParamName").EqualTo("value"));

    [Test]
    public void A_suffix_must_leave_room_for_a_name()
    {
        Assert.That(PlatformNames.RequestName("ocm.example.org", "mcp-01", new string('s', 50)), Has.Length.EqualTo(63));
        Assert.That(() => PlatformNames.RequestName("ocm.example.org", "mcp-01", new string('s', 51)),
            Throws.InstanceOf<ArgumentOutOfRangeException>());
    }

    [Test]
    public void A_limit_must_leave_room_for_more_than_the_hash() =>
        Assert.That(() => PlatformNames.Shorten("mcp-01", 10), Throws.InstanceOf<ArgumentOutOfRangeException>());

    [TestCase('ä', 21, "äääää", Description = "10 of 11 bytes: the sixth would be cut in two")]
    [TestCase('€', 21, "€€€")]
    public void Characters_of_several_bytes_stay_whole(char character, int max, string head) =>
        Assert.That(PlatformNames.Shorten(new string(character, 40), max), Does.StartWith(head + "--").And.Length.EqualTo(head.Length + 10));

    [Test]
    public void The_limit_counts_bytes_and_not_characters()
    {
        var name = new string('ä', 40);

        Assert.That(Encoding.UTF8.GetByteCount(PlatformNames.Shorten(name, 63)), Is.LessThanOrEqualTo(63));
        Assert.That(PlatformNames.Shorten(name, 80), Is.EqualTo(name));
    }
}

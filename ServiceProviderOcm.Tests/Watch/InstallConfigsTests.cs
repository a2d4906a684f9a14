using NUnit.Framework;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Model.Configuration;
using ServiceProviderOcm.Core.Watch;
using ServiceProviderOcm.Tests.Builders;

namespace ServiceProviderOcm.Tests.Watch;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class InstallConfigsTests
{
    private const string Values = """{ "values": { "manager": { "replicas": 2 } } }""";
    private const string Reference = """{ "caBundleRef": { "name": "roots", "key": "ca.crt" } }""";

    private readonly InstallConfigs _configs;
    private KubeObject? _providerConfig;

    public InstallConfigsTests() => _configs = new InstallConfigs(An.Identity, () => _providerConfig);

    [Test]
    public void A_version_of_a_ProviderConfig_is_parsed_once_even_if_it_is_listed_again()
    {
        var config = Of(An.ProviderConfig(Values));

        Assert.That(Of(An.ProviderConfig(Values)), Is.SameAs(config));
    }

    [TestCase("""{ "status": { "ocms": { "total": 3 } } }""")]
    [TestCase("""{ "metadata": { "annotations": { "openmcp.cloud/operation": "reconcile" } } }""")]
    public void A_status_or_an_operation_is_no_other_configuration(string change)
    {
        var config = Of(An.ProviderConfig(Values));

        Assert.That(Of(An.ProviderConfig(Values, resourceVersion: "2").Patched(change)), Is.SameAs(config));
    }

    [Test]
    public void A_pause_is_another_configuration_and_so_is_its_end()
    {
        var paused = Of(
            An.ProviderConfig(Values).Patched("""{ "metadata": { "annotations": { "openmcp.cloud/operation": "ignore" } } }"""));
        var resumed = Of(An.ProviderConfig(Values, resourceVersion: "2"));

        Assert.That((paused.IsPaused, resumed.IsPaused), Is.EqualTo((true, false)));
    }

    [TestCase("config-uid", "2")]
    [TestCase("other-uid", "1")]
    public void A_changed_or_recreated_ProviderConfig_is_parsed_again(string uid, string resourceVersion)
    {
        var before = Of(An.ProviderConfig("{}"));
        var after = Of(An.ProviderConfig(Values, uid, resourceVersion));

        Assert.That((before.Chart.Values.Part.Hash.Length, after.Chart.Values.Part.Hash.Length), Is.EqualTo((0, 64)));
    }

    [Test]
    public void A_deleted_ProviderConfig_is_missing_until_it_is_created_again()
    {
        var providerConfig = An.ProviderConfig(Values);
        Of(providerConfig);

        var deleted = Of(null);
        var created = Of(providerConfig);

        Assert.That((deleted.TryResolve("1.0.0", out _, out _), created.TryResolve("1.0.0", out _, out _)), Is.EqualTo((false, true)));
        Assert.That(Of(providerConfig), Is.SameAs(created));
    }

    [Test]
    public void A_CA_bundle_is_parsed_once_per_version_of_ProviderConfig_and_ConfigMap()
    {
        var bundle = _configs.BundleOf(Of(An.ProviderConfig(Reference)), ConfigMap("1"));

        Assert.That(_configs.BundleOf(Of(An.ProviderConfig(Reference)), ConfigMap("1")), Is.SameAs(bundle));
        var changed = _configs.BundleOf(Of(An.ProviderConfig(Reference)), ConfigMap("2"));
        Assert.That(changed, Is.Not.SameAs(bundle));
        var other = Of(An.ProviderConfig($$"""{ "pollInterval": "2m", {{Reference[1..]}}""", resourceVersion: "2"));
        Assert.That(_configs.BundleOf(other, ConfigMap("2")), Is.Not.SameAs(changed));
    }

    [TestCase("""{ "a": 1, "b": [true, "x"] }""", """{ "a": 1, "b": [true, "x"] }""", true)]
    [TestCase("""{ "a": 1 }""", """{ "a": 2 }""", false)]
    [TestCase("{}", """{ "a": null }""", false)]
    public void Helm_values_have_equal_hashes_if_and_only_if_they_are_equal(string one, string other, bool isEqual) =>
        Assert.That(HashOf(one) == HashOf(other), Is.EqualTo(isEqual));

    [Test]
    public void Helm_values_that_are_not_set_have_no_hash() => Assert.That(HelmValues.Default.Part.Hash, Is.Empty);

    private static string HashOf(string values) => An.Config($$"""{ "values": {{values}} }""").Chart.Values.Part.Hash;

    private static KubeObject ConfigMap(string resourceVersion) => KubeObject.Parse(
        $$"""
        {
          "kind": "ConfigMap",
          "metadata": { "name": "roots", "namespace": "openmcp-system", "uid": "roots-uid", "resourceVersion": "{{resourceVersion}}" },
          "data": { "ca.crt": "not a certificate" }
        }
        """);

    [Test]
    public void An_earlier_version_that_another_thread_has_read_does_not_replace_a_later_one()
    {
        var (earlier, later) = (An.ProviderConfig("{}"), An.ProviderConfig(Values, resourceVersion: "2"));
        InstallConfig? fromLater = null;
        Thread? other = null;
        InstallConfigs? configs = null;
        configs = new InstallConfigs(An.Identity, () =>
        {
            if (other is not null)
            {
                return later;
            }

            // Between reading the earlier version and parsing it, as far as the other thread comes.
            other = new Thread(() => fromLater = configs!.Current);
            other.Start();
            SpinWait.SpinUntil(() => other.ThreadState.HasFlag(ThreadState.WaitSleepJoin) || !other.IsAlive);
            return earlier;
        });

        _ = configs.Current;
        other!.Join();

        Assert.That(configs.Current, Is.SameAs(fromLater));
    }

    private InstallConfig Of(KubeObject? providerConfig)
    {
        _providerConfig = providerConfig;
        return _configs.Current;
    }
}

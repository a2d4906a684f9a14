using System.Globalization;
using System.Text.Json.Nodes;
using FsCheck;
using FsCheck.Fluent;
using NUnit.Framework;
using ServiceProviderOcm.Core.Controller;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Model;

namespace ServiceProviderOcm.Tests.Controller;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class TenantsTests
{
    private readonly Tenants _tenants = new(limit: 2, _ => 0);

    [Test]
    public void The_newest_OCMs_of_a_namespace_are_beyond_the_limit()
    {
        Put("new", second: 3);
        Put("old", second: 1);
        Put("middle", second: 2);

        Assert.That(
            (Exceeded("old"), Exceeded("middle"), Exceeded("new")),
            Is.EqualTo((
                (ExceededLimit?)null, (ExceededLimit?)null, new ExceededLimit("ocms_per_namespace", "--max-ocms-per-namespace", 2, 3))));
    }

    [Test]
    public void Of_OCMs_that_were_created_in_the_same_second_the_uid_decides()
    {
        Put("a", second: 1, uid: "3");
        Put("b", second: 1, uid: "1");
        Put("c", second: 1, uid: "2");

        Assert.That((Exceeded("a") is null, Exceeded("b") is null, Exceeded("c") is null), Is.EqualTo((false, true, true)));
    }

    [Test]
    public void A_deleted_OCM_makes_room_for_the_oldest_of_those_beyond_the_limit()
    {
        Put("a", second: 1);
        Put("b", second: 2);
        Put("c", second: 3);
        Put("d", second: 4);

        var beyond = _tenants.Remove(Key("d"));
        var within = _tenants.Remove(Key("a"));

        Assert.That((beyond, within), Is.EqualTo((Array.Empty<ObjectKey>(), new[] { Key("c") })));
        Assert.That((Exceeded("b"), Exceeded("c")), Is.EqualTo(((ExceededLimit?)null, (ExceededLimit?)null)));
    }

    [Test]
    public void An_older_OCM_that_appears_later_displaces_the_newest()
    {
        Put("b", second: 2);
        Put("c", second: 3);

        Assert.That(_tenants.Put(Ocm(Key("a"), 1, "u")), Is.EqualTo([Key("c")]));
    }

    [Test]
    public void Other_namespaces_do_not_count()
    {
        Put("a", second: 1);
        Put("b", second: 2);
        _tenants.Put(Ocm(new ObjectKey("other", "a"), 3, "u"));

        Assert.That(_tenants.Exceeded(new ObjectKey("other", "a")), Is.Null);
    }

    [Test]
    public void An_OCM_is_found_by_its_tenant_namespace_until_it_is_gone()
    {
        var tenant = PlatformNames.TenantNamespace("ns", "a");
        Put("a", second: 1);
        Assert.That(_tenants.Of(tenant), Is.EqualTo(Key("a")));
        _tenants.Remove(Key("a"));

        Assert.That((_tenants.Of(tenant), _tenants.Count), Is.EqualTo(((ObjectKey?)null, 0)));
    }

    [Test]
    public void After_any_changes_exactly_the_oldest_are_within_the_limit() => Prop.ForAll(
            Gen.Choose(0, 5).Zip(Gen.Choose(0, 3)).ArrayOf().ToArbitrary(),
            script =>
            {
                var tenants = new Tenants(limit: 2, _ => 0);
                Dictionary<ObjectKey, int> present = [];
                foreach (var (name, second) in script)
                {
                    var key = Key($"{name}");
                    if (second == 0)
                    {
                        present.Remove(key);
                        tenants.Remove(key);
                    }
                    else
                    {
                        present[key] = second;
                        tenants.Put(Ocm(key, second, $"{name}"));
                    }
                }

                var oldest = present
                    .OrderBy(ocm => ocm.Value)
                    .ThenBy(ocm => ocm.Key.Name, StringComparer.Ordinal)
                    .Select(ocm => ocm.Key)
                    .Take(2);
                return tenants.Count == present.Count
                    && present.Keys.Where(key => tenants.Exceeded(key) is null).ToHashSet().SetEquals(oldest);
            })
        .QuickCheckThrowOnFailure();

    private static ObjectKey Key(string name) => new("ns", name);

    private static KubeObject Ocm(ObjectKey key, int second, string uid) => KubeObject.From(new JsonObject
    {
        ["metadata"] = new JsonObject
        {
            ["namespace"] = key.Namespace,
            ["name"] = key.Name,
            ["uid"] = uid,
            ["creationTimestamp"] = string.Create(CultureInfo.InvariantCulture, $"2026-01-01T00:00:{second:00}Z"),
        },
    });

    private void Put(string name, int second, string uid = "u") => _tenants.Put(Ocm(Key(name), second, uid));

    private ExceededLimit? Exceeded(string name) => _tenants.Exceeded(Key(name));
}

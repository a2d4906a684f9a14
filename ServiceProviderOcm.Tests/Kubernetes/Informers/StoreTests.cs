using NUnit.Framework;
using ServiceProviderOcm.Core.Kubernetes.Informers;
using ServiceProviderOcm.Core.Kubernetes.Objects;

namespace ServiceProviderOcm.Tests.Kubernetes.Informers;

public sealed class StoreTests
{
    private static readonly ObjectKey Key = new("ns", "a");

    private Store _store = null!;

    [SetUp]
    public void Create() => _store = new Store();

    [Test]
    public void A_watch_event_updates_the_store_and_returns_the_object_before()
    {
        Assert.That(Put(It(5)), Is.Null);
        Assert.That(Put(It(6))!.ResourceVersion, Is.EqualTo("5"));
        Assert.That(Version(), Is.EqualTo("6"));
        Assert.That(Remove(It(7))!.ResourceVersion, Is.EqualTo("6"));
        Assert.That(Version(), Is.Null);
    }

    [Test]
    public void A_recorded_write_is_in_the_store_before_the_watch_delivers_it()
    {
        Put(It(5));
        _store.RecordWrite(It(8));

        Assert.That(Version(), Is.EqualTo("8"));
    }

    [Test]
    public void A_late_watch_event_does_not_revert_a_recorded_write()
    {
        _store.RecordWrite(It(8));

        Assert.That(Put(It(5))!.ResourceVersion, Is.EqualTo("8"));
        Assert.That(Remove(It(6))!.ResourceVersion, Is.EqualTo("8"));
        Assert.That(Version(), Is.EqualTo("8"));
        Put(It(9));
        Assert.That(Version(), Is.EqualTo("9"));
    }

    [Test]
    public void A_recorded_write_that_the_watch_has_passed_is_ignored()
    {
        Put(It(5));
        Remove(It(9));

        _store.RecordWrite(It(8));

        Assert.That(Version(), Is.Null);
    }

    [Test]
    public void A_bookmark_advances_the_version_of_the_store()
    {
        _store.AdvanceTo("9");

        _store.RecordWrite(It(8));
        Assert.That(Version(), Is.Null);
        _store.RecordWrite(It(10));
        Assert.That(Version(), Is.EqualTo("10"));
    }

    [Test]
    public void An_older_recorded_write_is_ignored()
    {
        _store.RecordWrite(It(8));
        _store.RecordWrite(It(7));

        Assert.That(Version(), Is.EqualTo("8"));
    }

    [TestCase("")]
    [TestCase("abc")]
    [TestCase("-1")]
    [TestCase("99999999999999999999999")]
    public void A_recorded_write_without_a_numeric_version_is_ignored(string version)
    {
        var odd = KubeObject.Parse($$"""{ "metadata": { "namespace": "ns", "name": "a", "resourceVersion": "{{version}}" } }""");

        _store.RecordWrite(odd);
        Assert.That(_store.Get(Key), Is.Null);
        Put(odd);
        Assert.That(_store.Get(Key), Is.SameAs(odd));
    }

    [Test]
    public void A_recorded_write_beyond_a_limit_is_ignored()
    {
        var store = new Store(new InformerLimits { Objects = 1, StoreBytes = It(1).Size + 100 });

        store.RecordWrite(It(5));
        store.RecordWrite(Named("b", 6));
        Assert.That(store.All.Single().Name, Is.EqualTo("a"));
        store.RecordWrite(It(7));
        Assert.That(store.Get(Key)!.ResourceVersion, Is.EqualTo("7"));
        store.RecordWrite(It(8, uid: new string('x', 200)));
        Assert.That(store.Get(Key)!.ResourceVersion, Is.EqualTo("7"));
    }

    [Test]
    public void A_recorded_write_of_an_object_that_is_not_kept_is_ignored_although_there_is_room()
    {
        var store = new Store(new InformerLimits { ObjectsPerNamespace = 2 });
        store.Put(It(5), out _);

        store.RecordWrite(Named("b", 6));
        store.RecordWrite(It(7));

        Assert.That((store.All.Single().Name, store.Get(Key)!.ResourceVersion), Is.EqualTo(("a", "7")));
    }

    [Test]
    public void A_recorded_delete_removes_the_object_of_the_same_uid()
    {
        Put(It(5));
        _store.RecordDelete(It(5, "another"));
        Assert.That(Version(), Is.EqualTo("5"));

        _store.RecordDelete(It(5));
        Assert.That(Version(), Is.Null);
        Assert.That(() => _store.RecordDelete(It(5)), Throws.Nothing);
    }

    [Test]
    public void A_list_replaces_older_objects_and_returns_the_changes()
    {
        var (kept, changed, gone, added) = (Named("kept", 1), Named("changed", 2), Named("gone", 3), Named("added", 8));
        _store.Replace([kept, changed, gone], "5");

        var changes = _store.Replace([kept, Named("changed", 7), added], "9");

        Assert.That(
            changes.Select(change => (change.Key.Name, change.Before?.ResourceVersion, change.After?.ResourceVersion)),
            Is.EquivalentTo(new (string, string?, string?)[] { ("gone", "3", null), ("changed", "2", "7"), ("added", null, "8") }));
        Assert.That(_store.All.Select(item => item.Name), Is.EquivalentTo(["kept", "changed", "added"]));
    }

    [Test]
    public void A_list_keeps_writes_recorded_after_it_was_read()
    {
        _store.RecordWrite(It(10));

        Assert.That(_store.Replace([], "9"), Is.Empty);
        Assert.That(Version(), Is.EqualTo("10"));
        Assert.That(_store.Replace([It(4)], "9"), Is.Empty);
        Assert.That(Version(), Is.EqualTo("10"));
    }

    [Test]
    public void A_list_advances_the_version_of_the_store()
    {
        _store.Replace([], "9");

        _store.RecordWrite(It(9));
        Assert.That(Version(), Is.Null);
    }

    [Test]
    public void A_list_of_a_restored_cluster_resets_the_version_of_the_store()
    {
        _store.AdvanceTo("20");
        _store.Replace([], "9");

        _store.RecordWrite(It(10));

        Assert.That(Version(), Is.EqualTo("10"));
    }

    [Test]
    public void Namespaces_are_kept_apart()
    {
        Put(It(1));
        Put(KubeObject.Parse("""{ "metadata": { "namespace": "other", "name": "a", "resourceVersion": "2" } }"""));
        Put(KubeObject.Parse("""{ "metadata": { "name": "a", "resourceVersion": "3" } }"""));

        Assert.That(_store.In("ns").Single().ResourceVersion, Is.EqualTo("1"));
        Assert.That(_store.In("missing"), Is.Empty);
        Assert.That(_store.Get(ObjectKey.ClusterScoped("a"))!.ResourceVersion, Is.EqualTo("3"));
        Remove(It(4));
        Assert.That(_store.In("ns"), Is.Empty);
        Assert.That(_store.All.Count(), Is.EqualTo(2));
    }

    private KubeObject? Put(KubeObject change)
    {
        _store.Put(change, out var before);
        return before;
    }

    private KubeObject? Remove(KubeObject change)
    {
        _store.Remove(change, out var before);
        return before;
    }

    private static KubeObject It(int version, string uid = "uid") => KubeObject.Parse(
        $$"""{ "metadata": { "namespace": "ns", "name": "a", "uid": "{{uid}}", "resourceVersion": "{{version}}" } }""");

    private static KubeObject Named(string name, int version) => KubeObject.Parse(
        $$"""{ "metadata": { "namespace": "ns", "name": "{{name}}", "resourceVersion": "{{version}}" } }""");

    private string? Version() => _store.Get(Key)?.ResourceVersion;
}

using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using ServiceProviderOcm.Sandbox.ApiServer.Json;

namespace ServiceProviderOcm.Sandbox.ApiServer.Storage;

/// <summary>Changes that are made together; each gets a resource version of its own.</summary>
internal sealed class Transaction(StoreState start)
{
    private readonly List<StoreChange> _changes = [];

    /// <summary>The state with the changes so far.</summary>
    public StoreState State { get; private set; } = start;

    /// <summary>The changes so far.</summary>
    public IReadOnlyList<StoreChange> Changes => _changes;

    /// <summary>Stores an object, which gets the next resource version.</summary>
    public JsonElement Put(string resource, StoreKey key, JsonObject subject)
    {
        subject.Child("metadata")["resourceVersion"] = (State.Version + 1).ToString(CultureInfo.InvariantCulture);
        var stored = subject.ToElement();
        Change(resource, State.Find(resource, key), stored, State.Of(resource).SetItem(key, stored));
        return stored;
    }

    /// <summary>Removes an object.</summary>
    /// <returns>The object as it was last, with the resource version of its deletion.</returns>
    public JsonElement Remove(string resource, StoreKey key, JsonObject last)
    {
        last.Child("metadata")["resourceVersion"] = (State.Version + 1).ToString(CultureInfo.InvariantCulture);
        var removed = last.ToElement();
        Change(resource, removed, null, State.Of(resource).Remove(key));
        return removed;
    }

    private void Change(
        string resource, JsonElement? before, JsonElement? after, ImmutableSortedDictionary<StoreKey, JsonElement> objects)
    {
        State = new StoreState(State.Version + 1, State.Objects.SetItem(resource, objects));
        _changes.Add(new StoreChange(State.Version, resource, before, after, State));
    }
}

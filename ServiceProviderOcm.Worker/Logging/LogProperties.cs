using System.Text.Json;
using Microsoft.Extensions.Logging;

namespace ServiceProviderOcm.Worker.Logging;

/// <summary>The properties of a log line: those of scopes, outer ones first, and of the message.</summary>
internal sealed class LogProperties
{
    private const string Template = "{OriginalFormat}";

    private readonly List<KeyValuePair<string, object?>> _all = [];

    public IReadOnlyList<KeyValuePair<string, object?>> All => _all;

    public void AddScopes(IExternalScopeProvider? scopes) =>
        scopes?.ForEachScope(static (scope, properties) => properties.Add(scope), this);

    /// <summary>Adds the properties of a scope or a message, if it has any. Later values win.</summary>
    public void Add(object? state)
    {
        if (state is not IEnumerable<KeyValuePair<string, object?>> properties)
        {
            return;
        }

        foreach (var (name, value) in properties)
        {
            if (name != Template)
            {
                Set(JsonNamingPolicy.CamelCase.ConvertName(name), value);
            }
        }
    }

    private void Set(string name, object? value)
    {
        _all.RemoveAll(known => known.Key == name);
        _all.Add(new(name, value));
    }
}

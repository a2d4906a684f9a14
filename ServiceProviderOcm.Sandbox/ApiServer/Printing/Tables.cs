using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using ServiceProviderOcm.Sandbox.ApiServer.Json;
using ServiceProviderOcm.Sandbox.ApiServer.Serving;

namespace ServiceProviderOcm.Sandbox.ApiServer.Printing;

/// <summary>Converts objects to the <c>Table</c> that <c>kubectl get</c> shows.</summary>
internal static class Tables
{
    private static readonly PrinterColumn Name = new("Name", "string", ".metadata.name", 0, "", "name");

    /// <summary>A table of objects.</summary>
    /// <param name="kind">Their kind.</param>
    /// <param name="objects">The objects.</param>
    /// <param name="metadata">The list's metadata.</param>
    /// <param name="includeObject"><c>None</c>, <c>Metadata</c> or <c>Object</c>.</param>
    /// <param name="now">The time to which ages are relative.</param>
    public static JsonObject Of(
        ServedKind kind, IEnumerable<JsonObject> objects, JsonObject metadata, string includeObject, DateTimeOffset now)
    {
        PrinterColumn[] columns = [Name, .. kind.Columns];
        return new JsonObject
        {
            ["kind"] = "Table",
            ["apiVersion"] = "meta.k8s.io/v1",
            ["metadata"] = metadata,
            ["columnDefinitions"] = new JsonArray([.. columns.Select(Definition)]),
            ["rows"] = new JsonArray([.. objects.Select(subject => Row(columns, subject, includeObject, now))]),
        };
    }

    /// <summary>Formats an age as kubectl does, such as <c>5m</c> or <c>3d2h</c>.</summary>
    public static string Age(TimeSpan age)
    {
        var (seconds, minutes, hours, days) = ((long)age.TotalSeconds, (long)age.TotalMinutes, (long)age.TotalHours, (long)age.TotalDays);
        return seconds switch
        {
            < 0 => "0s",
            < 120 => $"{seconds}s",
            < 600 => Two(minutes, "m", seconds % 60, "s"),
            < 3 * 3600 => $"{minutes}m",
            < 8 * 3600 => Two(hours, "h", minutes % 60, "m"),
            < 48 * 3600 => $"{hours}h",
            < 8 * 86400 => Two(days, "d", hours % 24, "h"),
            < 2 * 365 * 86400L => $"{days}d",
            < 8 * 365 * 86400L => Two(days / 365, "y", days % 365, "d"),
            _ => $"{days / 365}y",
        };

        static string Two(long big, string bigUnit, long small, string smallUnit) =>
            small == 0 ? $"{big}{bigUnit}" : $"{big}{bigUnit}{small}{smallUnit}";
    }

    private static JsonObject Definition(PrinterColumn column) => new()
    {
        ["name"] = column.Name,
        ["type"] = column.Type,
        ["format"] = column.Format,
        ["description"] = column.Description,
        ["priority"] = column.Priority,
    };

    private static JsonObject Row(PrinterColumn[] columns, JsonObject subject, string includeObject, DateTimeOffset now)
    {
        var json = JsonSerializer.SerializeToElement<JsonNode>(subject);
        var row = new JsonObject { ["cells"] = new JsonArray([.. columns.Select(column => Cell(column, json, now))]) };
        if (includeObject == "Object")
        {
            row["object"] = subject.DeepClone();
        }
        else if (includeObject != "None")
        {
            row["object"] = PartialMetadata.Of(subject);
        }

        return row;
    }

    private static JsonNode? Cell(PrinterColumn column, JsonElement subject, DateTimeOffset now)
    {
        var found = JsonPath.Find(subject, column.Path);
        if (column.IsCount)
        {
            return found is { ValueKind: JsonValueKind.Object } map ? map.GetPropertyCount() : 0;
        }

        if (found is not { } value)
        {
            return column.Type == "date" ? "<unknown>" : null;
        }

        return (column.Type, value.ValueKind) switch
        {
            ("date", JsonValueKind.String) => DateTimeOffset.TryParse(value.GetString(), CultureInfo.InvariantCulture, out var moment)
                ? Age(now - moment)
                : "<invalid>",
            ("integer", JsonValueKind.String) => long.Parse(value.GetString()!, CultureInfo.InvariantCulture),
            ("string", not JsonValueKind.String) => value.GetRawText(),
            _ => Nodes.Parse(value.GetRawText()),
        };
    }
}

using System.Text.Json;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace ServiceProviderOcm.Core.Kubernetes.Yaml;

/// <summary>
/// Writes YAML that <see cref="YamlManifests"/> and Kubernetes' tools read as what it was: text that could be anything else
/// is quoted.
/// </summary>
public static class YamlText
{
    // Of YAML, for a name as it is written. A quoted character takes up to ten.
    private const int LongestKey = 1024;
    private const int LongestQuotedKey = LongestKey / 10;

    private static readonly EmitterSettings Settings = With(LongestKey);
    private static readonly EmitterSettings SettingsOfLongNames = With(LongestQuotedKey);

    /// <summary>Writes one document, without a line that separates it from others.</summary>
    public static void Write(TextWriter output, JsonElement json)
    {
        var emitter = new Emitter(output, HasLongQuotedName(json) ? SettingsOfLongNames : Settings);
        emitter.Emit(new StreamStart());
        emitter.Emit(new DocumentStart());
        Write(emitter, json);
        emitter.Emit(new DocumentEnd(isImplicit: true));
        emitter.Emit(new StreamEnd());
    }

    private static EmitterSettings With(int longestKey) => new(
        bestIndent: 2, bestWidth: int.MaxValue, isCanonical: false, maxSimpleKeyLength: longestKey, indentSequences: true, newLine: "\n");

    private static bool HasLongQuotedName(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object => value.EnumerateObject().Any(field =>
            (field.Name.Length > LongestQuotedKey && !PlainScalars.IsSafe(field.Name)) || HasLongQuotedName(field.Value)),
        JsonValueKind.Array => value.EnumerateArray().Any(HasLongQuotedName),
        _ => false,
    };

    private static void Write(Emitter emitter, JsonElement value)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                emitter.Emit(new MappingStart());
                foreach (var field in value.EnumerateObject())
                {
                    WriteText(emitter, field.Name);
                    Write(emitter, field.Value);
                }

                emitter.Emit(new MappingEnd());
                break;
            case JsonValueKind.Array:
                emitter.Emit(new SequenceStart(AnchorName.Empty, TagName.Empty, isImplicit: true, SequenceStyle.Block));
                foreach (var item in value.EnumerateArray())
                {
                    Write(emitter, item);
                }

                emitter.Emit(new SequenceEnd());
                break;
            case JsonValueKind.String:
                WriteText(emitter, value.GetString()!);
                break;
            default:
                WriteScalar(emitter, value.GetRawText(), ScalarStyle.Plain);
                break;
        }
    }

    private static void WriteText(Emitter emitter, string text) => WriteScalar(
        emitter,
        text,
        PlainScalars.IsSafe(text) ? ScalarStyle.Plain : IsLines(text) ? ScalarStyle.Literal : ScalarStyle.DoubleQuoted);

    private static void WriteScalar(Emitter emitter, string text, ScalarStyle style) =>
        emitter.Emit(new Scalar(AnchorName.Empty, TagName.Empty, text, style, isPlainImplicit: true, isQuotedImplicit: true));

    // Text that a block of lines shows as it is: it ends with one line's end, and has nothing that cannot be seen.
    private static bool IsLines(string text) =>
        text.EndsWith('\n') && !text.EndsWith("\n\n", StringComparison.Ordinal)
        && (char.IsAsciiLetterOrDigit(text[0]) || text[0] == '-')
        && !text.Contains(" \n", StringComparison.Ordinal)
        && text.All(character => character is '\n' or (>= ' ' and <= '~'));
}

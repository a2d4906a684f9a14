using System.Globalization;
using System.Text;

namespace ServiceProviderOcm.Worker.Logging;

/// <summary>
/// An exception in a log. The messages of exceptions that this program logs itself are left out unless it defines them: those of libraries
/// quote what they cannot read, which may be the content of a Secret or of a tenant's control plane.
/// </summary>
internal static class ExceptionText
{
    private const string Product = "ServiceProviderOcm.";

    /// <summary>Types, messages and stack traces, inner exceptions below outer ones.</summary>
    /// <param name="exception">The exception.</param>
    /// <param name="logger">The name of the logger.</param>
    public static string Of(Exception exception, string logger)
    {
        if (!logger.StartsWith(Product, StringComparison.Ordinal))
        {
            return exception.ToString();
        }

        var text = new StringBuilder();
        Append(text, exception);
        return text.ToString();
    }

    private static void Append(StringBuilder text, Exception exception)
    {
        var type = exception.GetType();
        text.Append(type.FullName);
        if (type.Namespace?.StartsWith(Product, StringComparison.Ordinal) is true)
        {
            text.Append(CultureInfo.InvariantCulture, $": {exception.Message}");
        }

        if (exception.StackTrace is { } trace)
        {
            text.AppendLine().Append(trace);
        }

        foreach (var inner in exception is AggregateException aggregate ? aggregate.InnerExceptions : Inner(exception))
        {
            text.AppendLine().Append(" ---> ");
            Append(text, inner);
        }
    }

    private static IReadOnlyList<Exception> Inner(Exception exception) => exception.InnerException is { } inner ? [inner] : [];
}
